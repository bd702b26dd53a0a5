//! Words of which only the name is known: their lines and blocks are kept as they stand, so that a difference can be seen.

use std::fmt::Write as _;

use super::cursor::Cursor;
use super::fault::Fault;
use crate::config::Fields;
use crate::diagnostics::opaque::{self, Owner};
use crate::source::secrets::UNREAD;
use crate::syntax::Word;

/// The note that the settings of `word` are not checked.
pub(crate) fn note(word: &Word, owner: &Owner) -> Fault {
    Fault::at(word, opaque::note(word.span, &word.text, owner))
}

/// All words behind the current one, on lines as in the text: what stands for the settings that nothing reads. How they
/// are indented does not count.
pub(crate) fn kept(cursor: &mut Cursor) -> Fields {
    let mut text = String::new();
    let mut before = cursor.word().clone();
    while cursor.next() {
        let word = cursor.word();
        if !text.is_empty() {
            text.push(if before.ends_line_before(word) { '\n' } else { ' ' });
        }
        if word.is_quoted() {
            let _ = write!(text, "{:?}", word.text);
        } else {
            text.push_str(&word.text);
        }
        before = word.clone();
    }
    Fields::from_iter([(UNREAD, text)])
}

/// Reads the current word and all behind it: a note, and what stands for its settings.
pub(crate) fn read(cursor: &mut Cursor, owner: &Owner) -> Fields {
    cursor.keep(note(cursor.word(), owner));
    kept(cursor)
}
