//! `tls`: the request came by TLS (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, Fault, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("tls", "[early_data]", "The request came by TLS", read).example("tls early_data");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let word = cursor.word().clone();
        if cursor.next_arg() {
            if cursor.text() != "early_data" {
                return Err(Fault::value(
                    cursor.word(),
                    format!("the matcher `tls` has no option `{}`", cursor.text()),
                )
                .help("write `tls`, or `tls early_data`"));
            }
            fields.insert("handshake_complete", false);
        }
        cursor.no_more_args(&word, "`early_data`")?;
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}
