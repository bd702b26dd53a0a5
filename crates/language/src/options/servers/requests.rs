//! What concerns a request: header fields that are let through or believed.

use crate::spec::{Cursor, Fault, Parsed, arguments};
use crate::syntax::Word;

/// Reads the names of header fields, at least one.
pub(super) fn fields(cursor: &mut Cursor) -> Parsed<Vec<String>> {
    let name = cursor.word().clone();
    let fields = cursor.arg_texts();
    if fields.is_empty() {
        return Err(cursor.missing(&name, "at least one header field"));
    }
    Ok(fields)
}

/// Reads `client_ip_headers` and adds them to `list`, which must not have them yet.
pub(super) fn client_ip_headers(cursor: &mut Cursor, list: &mut Vec<String>) -> Parsed<()> {
    let name = cursor.word().clone();
    while cursor.next_arg() {
        let text = cursor.owned();
        if list.contains(&text) {
            return Err(Fault::repeated(cursor.word(), format!("`{text}`")));
        }
        list.push(text);
    }
    no_block(cursor, &name)
}

/// A fault if a block with anything in it opens on this line.
pub(super) fn no_block(cursor: &mut Cursor, name: &Word) -> Parsed<()> {
    let level = cursor.nesting();
    if cursor.next_block(level) {
        return Err(arguments::no_block(name, &name.text, "put its values on its line"));
    }
    Ok(())
}
