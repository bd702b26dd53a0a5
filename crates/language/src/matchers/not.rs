//! `not`: none of these matchers (docs: "Request matchers").

use crate::config::{MatcherSet, Value};
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule {
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
        // Each `not` of a line would pass over the rest of it.
        let mut more = 0_usize;
        while cursor.peek().is_some_and(|word| word.text == MATCHER.name && !word.is_quoted())
            && cursor.next_arg()
        {
            more += 1;
        }
        let set = super::read_set(cursor, "")?;
        let negate = |set: MatcherSet, _| MatcherSet::of(MATCHER.name, Value::from(vec![Value::from(set)]));
        sets.push(Value::from((0..more).fold(set, negate)));
    }
    Ok(Value::from(sets))
}
