//! `expression`: a CEL expression is true (docs: "Request matchers").

use crate::config::{Value, json};
use crate::spec::{Cursor, MatcherModule, Parsed, conflict};
use crate::syntax::Word;
use crate::version::Change;

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("expression", "<cel...>", "A CEL expression is true", read)
        .example("expression {method}.startsWith(\"P\")");

/// Refuses what follows an expression. Before 2.11.8, Caddy does not look at it.
fn only_one(cursor: &mut Cursor) -> Parsed<()> {
    if cursor.version().has(Change::OneExpression) && cursor.next() {
        return Err(conflict::two_expressions(cursor.word()));
    }
    Ok(())
}

fn read(cursor: &mut Cursor, definition: &str) -> Parsed<Value> {
    cursor.next();
    let word = cursor.word().clone();
    // Quotes of several words belong to the expression; those of a single one do not.
    if cursor.count_args() > 1 {
        let words: Vec<_> = cursor.args().iter().map(Word::raw).collect();
        only_one(cursor)?;
        return Ok(Value::from(words.join(" ")));
    }
    if !cursor.next_arg() {
        return Err(cursor.missing(&word, "an expression"));
    }
    let expression = cursor.owned();
    only_one(cursor)?;
    Ok(if definition.is_empty() {
        Value::from(expression)
    } else {
        json!({ "expr": expression, "name": definition })
    })
}
