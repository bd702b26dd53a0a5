//! `path_regexp`: the path matches a regular expression (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::diagnostics::Code;
use crate::spec::{Cursor, Fault, MatcherModule, Parsed, arguments};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("path_regexp", "[<name>] <pattern>", "The path matches a regular expression", read)
        .example("path_regexp \\.(css|js)$");

fn read(cursor: &mut Cursor, definition: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let word = cursor.word().clone();
        if fields.get("pattern").is_some_and(|pattern| !pattern.is_empty()) {
            return Err(Fault::new(Code::REPEATED, &word, "a matcher can have one `path_regexp` only")
                .help("join the patterns with `|`, or define a second matcher"));
        }
        let args = cursor.args();
        let (name, pattern) = match args.as_slice() {
            [pattern] => ("", pattern.text.as_str()),
            [name, pattern] => (name.text.as_str(), pattern.text.as_str()),
            [] => return Err(cursor.missing(&word, "a pattern, with or without a name before it")),
            [_, _, third, ..] => {
                let what = "a pattern, with or without a name before it";
                return Err(arguments::surplus(third, "path_regexp", what));
            }
        };
        named(&mut fields, name, definition, pattern);
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}

/// Sets the name, or the definition's name where there is none, and the pattern.
pub(super) fn named(fields: &mut Fields, name: &str, definition: &str, pattern: &str) {
    let name = if name.is_empty() { definition } else { name };
    if !name.is_empty() {
        fields.insert("name", name);
    }
    fields.insert("pattern", pattern);
}
