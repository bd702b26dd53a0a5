//! The claims of `jwtauth` that become placeholders.

use crate::config::Value;
use crate::plugins::definition::Row;
use crate::plugins::interpret::{Draft, Ordered};
use crate::spec::{Cursor, Fault, Parsed, value};

/// Reads `meta_claims`: each a claim, or `claim -> placeholder`.
pub(super) fn meta_claims(row: &Row, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let mut claims = match draft.get(&row.to) {
        Some(Value::Ordered(claims)) => claims.to_vec(),
        _ => Ordered::new(),
    };
    while cursor.next_arg() {
        let word = cursor.word().clone();
        let parts: Vec<&str> = word.text.split("->").map(str::trim).collect();
        let (claim, placeholder) = match parts.as_slice() {
            [claim] => (*claim, *claim),
            [claim, placeholder] => (*claim, *placeholder),
            _ => return Err(value::claim_arrows(&word)),
        };
        if claim.is_empty() || placeholder.is_empty() {
            return Err(value::claim(&word));
        }
        if claims.iter().any(|(known, _)| known == claim) {
            return Err(Fault::repeated(&word, format!("the claim `{claim}`")));
        }
        let at = claims.partition_point(|(known, _)| known.as_str() < claim);
        claims.insert(at, (claim.into(), Value::from(placeholder)));
    }
    draft.set(&row.to, Value::Ordered(claims.into_boxed_slice()));
    Ok(())
}
