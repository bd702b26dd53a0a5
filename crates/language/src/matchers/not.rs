//! `not`: none of these matchers (docs: "Request matchers").

use crate::config::{MatcherSet, Value};
use crate::spec::{Cursor, Holds, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("not", "<matcher> or not { <matchers...> }", "None of these matchers matches", read)
        .holds(Holds::Matchers)
        .example("not path /api/*");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut sets = Vec::new();
    while cursor.next() {
        // Each `not` of a line would pass over the rest of it.
        let mut more = 0_usize;
        while cursor.peek().is_some_and(|word| MATCHER.name == *word.text && !word.is_quoted())
            && cursor.next_arg()
        {
            more += 1;
        }
        let set = super::read_set(cursor, "")?;
        let negate = |set: MatcherSet, _| MatcherSet::of(&MATCHER.name, Value::from(vec![set.into_value()]));
        sets.push((0..more).fold(set, negate).into_value());
    }
    Ok(Value::from(sets))
}
