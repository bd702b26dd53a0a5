//! A document in an editor, and edits at positions. Each part is an edit: its name is `LINE:COLUMN-LINE:COLUMN`, its text
//! is what comes there.

use caddyctl_analysis::editor::positions::{Encoding, Position, Range};
use caddyctl_analysis::editor::{complete, definition, hover, outline, page_of};
use caddyctl_analysis::session::Session;
use caddyctl_language::directives;
use caddyctl_language::source::{Env, Memory};

use super::case::{FOLDER, parts};
use super::output;

/// Carries the edits out, asks at each place, and compares what is found with what a new session finds.
pub fn run(data: &[u8]) {
    let parts = parts(data);
    let mut text = String::from_utf8_lossy(parts[0].1).into_owned();
    let (env, files) = (Env::empty(), Memory::new(FOLDER));
    let mut session = Session::new("Caddyfile", &env, &files);
    session.update(&text);
    for (number, (name, bytes)) in parts[1..].iter().enumerate() {
        let encoding = if number % 2 == 0 { Encoding::Utf16 } else { Encoding::Utf8 };
        let range = range(name);
        let edited = encoding.bytes(&text, range);
        assert!(text.get(edited.clone()).is_some(), "positions lie between characters");
        text.replace_range(edited.clone(), &String::from_utf8_lossy(bytes));
        ask(&text, edited.start, encoding);
        let found = session.update(&text);
        let new = Session::new("Caddyfile", &env, &files).update(&text);
        assert_eq!(found.diagnostics, new.diagnostics, "a session finds what a new one finds in {text:?}");
        for one in &found.diagnostics {
            output::has_places(one, &found.sources);
        }
    }
    ask(&text, text.len() / 2, Encoding::Utf16);
}

/// What an editor asks at a place.
fn ask(text: &str, offset: usize, encoding: Encoding) {
    let offset = encoding.offset(text, encoding.position(text, offset));
    for offer in complete(directives::stock(), text, offset, &["snippet".to_owned()]).iter().take(20) {
        is_range(text, &offer.replaces, encoding);
        let _ = page_of(directives::stock(), &offer.text, &offer.detail);
    }
    if let Some(hover) = hover(directives::stock(), text, offset) {
        is_range(text, &hover.word, encoding);
    }
    let _ = definition(text, offset);
    for symbol in outline(text) {
        is_range(text, &symbol.whole, encoding);
        is_range(text, &symbol.line, encoding);
    }
}

/// A range of bytes lies between characters, and its positions lead back to it.
fn is_range(text: &str, bytes: &std::ops::Range<usize>, encoding: Encoding) {
    assert!(text.get(bytes.clone()).is_some(), "{bytes:?} of {text:?}");
    assert_eq!(encoding.bytes(text, encoding.range(text, bytes)), *bytes, "{text:?}");
}

/// `LINE:COLUMN-LINE:COLUMN`; what is missing or no number is 0.
fn range(name: &str) -> Range {
    let position = |text: &str| {
        let (line, character) = text.split_once(':').unwrap_or((text, ""));
        Position { line: line.trim().parse().unwrap_or(0), character: character.trim().parse().unwrap_or(0) }
    };
    let (start, end) = name.split_once('-').unwrap_or((name, name));
    Range { start: position(start), end: position(end) }
}
