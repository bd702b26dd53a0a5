//! `header_regexp`: a header field matches a regular expression (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, Fault, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new(
    "header_regexp",
    "[<name>] <field> <pattern>",
    "A header field matches a regular expression",
    read,
)
.example("header_regexp Cookie login_([a-f0-9]+)");

fn read(cursor: &mut Cursor, definition: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let word = cursor.word().clone();
        let first = cursor.need_arg("a field and a pattern")?;
        let second = cursor.need_arg("a field and a pattern")?;
        let (name, key, pattern) = match cursor.arg() {
            Some(third) => (first, second, third),
            None => (String::new(), first, second),
        };
        if fields.contains_key(&key) {
            return Err(Fault::new(
                crate::diagnostics::Code::REPEATED,
                &word,
                format!("the field `{key}` has two patterns"),
            )
            .help("join the patterns with `|`, or define a second matcher"));
        }
        let mut regexp = Fields::new();
        super::path_regexp::named(&mut regexp, &name, definition, &pattern);
        fields.insert(key, Value::Object(regexp));
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}
