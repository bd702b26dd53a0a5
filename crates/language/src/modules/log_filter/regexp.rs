//! `regexp` and `multi_regexp`: filters that replace what a regular expression matches.

use crate::config::{Fields, Module, Value};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, value};
use crate::syntax::Word;

/// `regexp`. Several of them on one field become one `multi_regexp`.
pub(crate) static REGEXP: ModuleSpec = ModuleSpec::new(
    "regexp",
    "[<pattern> [<replacement>]]",
    "Replaces the matches of a regular expression",
    |cursor| Ok(operation(cursor.arg(), cursor.arg())),
);

/// `multi_regexp`.
pub(crate) static MULTI_REGEXP: ModuleSpec = ModuleSpec::new(
    "multi_regexp",
    "",
    "Replaces the matches of several regular expressions, one after the other",
    multi,
)
.rows(ROWS);

const ROWS: &[Row] = &[Row::new("regexp", "<pattern> <replacement>", Kind::Own, "One replacement")];

/// The most that Caddy takes on one field.
const MOST_OPERATIONS: usize = 50;
/// The longest pattern that Caddy takes, in bytes.
const LONGEST_PATTERN: usize = 1000;

fn operation(pattern: Option<String>, replacement: Option<String>) -> Module {
    let mut fields = Fields::new();
    for (key, text) in [("regexp", pattern), ("value", replacement)] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            fields.insert(key, text);
        }
    }
    fields
}

/// Whether one more pattern may join the `already` many on one field.
pub(crate) fn check_operation(word: &Word, pattern: Option<&str>, already: usize) -> Parsed<()> {
    match pattern {
        _ if already >= MOST_OPERATIONS => Err(value::too_many_patterns(word, MOST_OPERATIONS)),
        None | Some("") => Err(value::empty_pattern(word)),
        Some(pattern) if pattern.len() > LONGEST_PATTERN => {
            Err(value::long_pattern(word, pattern.len(), LONGEST_PATTERN))
        }
        Some(_) => Ok(()),
    }
}

fn multi(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    let mut operations = Vec::new();
    cursor.block(|cursor| {
        if cursor.text() != "regexp" {
            return Err(cursor.unknown("multi_regexp", ["regexp"]));
        }
        let pattern = cursor.need_arg("a pattern")?;
        check_operation(cursor.word(), Some(&pattern), operations.len())?;
        let replacement = cursor.need_arg("a replacement after its pattern")?;
        operations.push(Value::Object(operation(Some(pattern), Some(replacement))));
        Ok(())
    })?;
    if operations.is_empty() {
        return Err(cursor.missing(&name, "at least one `regexp` in its block"));
    }
    let mut fields = Fields::new();
    fields.insert("operations", operations);
    Ok(fields)
}
