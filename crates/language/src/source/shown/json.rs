//! JSON that somebody may look at in a log.

use std::borrow::Cow;

use super::letters::{Kept, Reader};
use super::runner;

/// JSON text in which what cannot be seen, and the first character of what a runner would obey, is an escape of JSON: for a
/// program it is the same value. Only strings can hold such characters.
pub fn json(text: &str) -> Cow<'_, str> {
    let is_plain = |byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    if text.bytes().all(is_plain) && !text.contains(runner::MARK) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut reader = Reader::default();
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        if (reader.shows(c, rest, Kept::Lines) || c == '\r') && !runner::begins_mark(rest) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::shown::letters::written_out;

    #[test]
    fn a_program_reads_the_same_value() {
        let texts = [
            "a\u{9b}2J\u{7f}",
            "\u{202e}x\u{e0041}",
            "##[error]x ##vso[y] ####[z]",
            "\u{1b}\n\u{feff}",
            "Grüße 👩\u{200d}💻 # ##",
        ];
        let value = serde_json::to_string_pretty(&texts).unwrap();
        let shown = json(&value);
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), texts);
        assert_eq!(written_out(&shown, Kept::Lines), shown);
        assert!(!shown.contains("##["), "{shown}");
        assert!(shown.contains("\\u009b2J\\u007f") && shown.contains("\\udb40\\udc41"), "{shown}");
        assert!(matches!(json("{\"a\": \"b\"}\n"), Cow::Borrowed(_)));
    }
}
