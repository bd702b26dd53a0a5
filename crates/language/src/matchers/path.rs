//! `path`: the path, with stars (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed, arguments};
use crate::syntax::Word;

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("path", "<paths...>", "The path is one of these; `*` matches any text", read)
        .example("path /api/* *.php");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    texts(cursor)
}

/// All arguments of all lines, which must open no block; `null` when there is none.
pub(super) fn texts(cursor: &mut Cursor) -> Parsed<Value> {
    let mut list = Vec::new();
    while cursor.next() {
        let word = cursor.word().clone();
        list.extend(cursor.arg_texts().into_iter().map(Value::from));
        no_block(cursor, &word)?;
    }
    Ok(if list.is_empty() { Value::Null } else { Value::from(list) })
}

/// A fault if a block opens on this line.
pub(super) fn no_block(cursor: &mut Cursor, word: &Word) -> Parsed<()> {
    let level = cursor.nesting();
    if cursor.next_block(level) {
        return Err(arguments::no_block(word, &word.text, "put its values on its line"));
    }
    Ok(())
}
