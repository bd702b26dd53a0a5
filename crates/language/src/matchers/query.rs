//! `query`: a query parameter has a value; `*` stands for any (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, MatcherModule, Parsed, value};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new(
    "query",
    "<key>=<value>...",
    "A query parameter has a value; `*` matches any value",
    read,
)
.example("query sort=asc");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let word = cursor.word().clone();
        while cursor.next_arg() {
            let text = cursor.text();
            if text.is_empty() {
                continue;
            }
            let Some((key, value)) = text.split_once('=') else {
                return Err(value::query(cursor.word()));
            };
            fields.push(key, value);
        }
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}
