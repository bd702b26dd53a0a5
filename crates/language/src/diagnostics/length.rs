//! How long a message may be: it quotes words of the text, and a word may have a megabyte.

use std::borrow::Cow;

use crate::source::limits::grouped;

/// The most characters of a word that are quoted.
const WORD: usize = 200;

/// The most characters of a message.
const MESSAGE: usize = 4_000;

/// `word`, cut with an ellipsis where it is too long to be quoted.
pub(crate) fn short(word: &str) -> Cow<'_, str> {
    match cut(word, WORD) {
        Some(start) => Cow::Owned(format!("{start}…")),
        None => Cow::Borrowed(word),
    }
}

/// `message` with long words cut: what stands between backticks, and the whole.
pub fn limited(message: String) -> String {
    // Nearly all are short.
    if message.len() <= WORD {
        return message;
    }
    let mut out = String::with_capacity(message.len().min(MESSAGE));
    let mut is_closed = true;
    for (number, part) in message.split('`').enumerate() {
        if !std::mem::take(&mut is_closed) {
            out.push('`');
        }
        if out.len() > MESSAGE {
            break;
        }
        match cut(part, WORD) {
            Some(start) if number % 2 == 1 => {
                let characters = grouped(part.chars().count());
                out.push_str(&format!("{start}…` ({characters} characters)"));
                is_closed = true;
            }
            _ => out.push_str(part),
        }
    }
    match cut(&out, MESSAGE) {
        Some(start) => format!("{start}…"),
        None => out,
    }
}

/// The first `most` characters of a text that has more.
fn cut(text: &str, most: usize) -> Option<&str> {
    if text.len() <= most {
        return None;
    }
    text.char_indices().nth(most).map(|(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_word_is_cut_and_the_rest_of_the_message_stays() {
        let word = "é".repeat(1_000);
        let message = limited(format!("unknown directive `{word}` in `site`"));
        let start = "é".repeat(WORD);
        assert_eq!(message, format!("unknown directive `{start}…` (1,000 characters) in `site`"));
        assert_eq!(limited(format!("`{word}`")), format!("`{start}…` (1,000 characters)"));
        assert_eq!(limited(format!("`{word}")), format!("`{start}…` (1,000 characters)"));
        assert_eq!(limited("`short`".to_owned()), "`short`");
    }

    #[test]
    fn a_message_has_an_end() {
        for text in ["a".repeat(100_000), "`a".repeat(50_000), "`".repeat(100_000), "a` ".repeat(40_000)] {
            assert!(limited(text).chars().count() <= MESSAGE + 100);
        }
    }

    #[test]
    fn a_word_alone_is_cut() {
        assert_eq!(short("word"), "word");
        assert_eq!(short(&"a".repeat(201)), "a".repeat(200) + "…");
    }
}
