//! `tls`: the request came by TLS (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, MatcherModule, Parsed, value};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("tls", "[early_data]", "The request uses TLS", read).example("tls early_data");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let word = cursor.word().clone();
        if cursor.next_arg() {
            if cursor.text() != "early_data" {
                return Err(value::tls_matcher(cursor.word()));
            }
            fields.insert("handshake_complete", false);
        }
        cursor.no_more_args(&word, "`early_data`")?;
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}
