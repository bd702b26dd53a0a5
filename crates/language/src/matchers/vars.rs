//! `vars`: a variable or placeholder has one of these values (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new(
    "vars",
    "<variable> <values...>",
    "A variable or placeholder has one of these values",
    read,
)
.example("vars {http.request.method} GET");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let word = cursor.word().clone();
        let key = cursor.need_arg("a variable and a value")?;
        let values = cursor.arg_texts();
        if values.is_empty() {
            return Err(cursor.missing(&word, "a variable and a value"));
        }
        let known = fields.entry(key);
        for value in values {
            known.push(value);
        }
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}
