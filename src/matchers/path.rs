//! `path`: the path, with stars (docs: "Request matchers").

use serde_json::Value;

use crate::spec::{Cursor, Fault, MatcherModule, Parsed};

/// The matcher.
pub static MATCHER: MatcherModule = MatcherModule {
    name: "path",
    syntax: "path <paths...>",
    doc: "The path is one of these; `*` stands for anything",
    rows: &[],
    example: "path /api/* *.php",
    read,
};

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    texts(cursor)
}

/// All arguments of all lines, which must open no block.
pub(super) fn texts(cursor: &mut Cursor) -> Parsed<Value> {
    let mut list = Vec::new();
    while cursor.next() {
        let name = cursor.word().clone();
        list.extend(cursor.arg_texts().into_iter().map(Value::from));
        let level = cursor.nesting();
        if cursor.next_block(level) {
            return Err(Fault::arguments(&name, format!("the matcher `{}` has no block", name.text))
                .help("put its values on its line"));
        }
    }
    Ok(Value::Array(list))
}
