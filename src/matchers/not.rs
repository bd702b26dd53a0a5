//! `not`: none of these matchers (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub static MATCHER: MatcherModule = MatcherModule {
    name: "not",
    syntax: "not <matcher> or not { <matchers...> }",
    doc: "None of these matchers",
    rows: &[],
    example: "not path /api/*",
    read,
};

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut sets = Vec::new();
    while cursor.next() {
        let set = super::read_set(cursor, "")?;
        sets.push(Value::from(set));
    }
    Ok(Value::from(sets))
}
