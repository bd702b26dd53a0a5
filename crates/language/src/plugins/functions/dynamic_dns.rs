//! The versions of IP that `dynamic_dns` looks after.

use super::not_of;
use crate::config::Value;
use crate::plugins::definition::Row;
use crate::plugins::function::Function;
use crate::plugins::interpret::Draft;
use crate::spec::{Cursor, Parsed};

/// Reads `versions`: both are written, those that are named as `true`.
pub(super) fn versions(row: &Row, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let name = cursor.word().clone();
    let (mut ipv4, mut ipv6, mut has_any) = (false, false, false);
    while cursor.next_arg() {
        has_any = true;
        match cursor.text() {
            "ipv4" => ipv4 = true,
            "ipv6" => ipv6 = true,
            _ => return Err(not_of(Function::IpVersions, cursor)),
        }
    }
    if !has_any {
        return Err(cursor.missing(&name, "at least one version: `ipv4` or `ipv6`"));
    }
    let fields = [("ipv4".into(), Value::Bool(ipv4)), ("ipv6".into(), Value::Bool(ipv6))];
    draft.set(&row.to, Value::Ordered(Box::new(fields)));
    Ok(())
}
