//! `vars_regexp`: a variable or placeholder matches a regular expression (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new(
    "vars_regexp",
    "[<name>] <variable> <pattern>",
    "A variable or placeholder matches a regular expression",
    read,
)
.example("vars_regexp {http.request.uri} ^/a");

fn read(cursor: &mut Cursor, definition: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let word = cursor.word().clone();
        let first = cursor.need_arg("a variable and a pattern")?;
        let second = cursor.need_arg("a variable and a pattern")?;
        let (name, key, pattern) = match cursor.arg() {
            Some(third) => (first, second, third),
            None => (String::new(), first, second),
        };
        let mut regexp = Fields::new();
        super::path_regexp::named(&mut regexp, &name, definition, &pattern);
        fields.insert(key, Value::Object(regexp));
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}
