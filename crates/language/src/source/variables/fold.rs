//! Texts that are the same but for the case of their letters, as hosts and headers are compared.

use super::replace::Kind;

/// Whether two texts are the same, whatever the case of their letters.
pub(crate) fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

/// Where `from` first stands in `text`: where it begins and ends.
pub(crate) fn find(text: &str, from: &str, kind: Kind) -> Option<(usize, usize)> {
    if from.is_empty() {
        return None;
    }
    if from.is_ascii() {
        let (bytes, wanted) = (text.as_bytes(), from.as_bytes());
        let last = bytes.len().checked_sub(wanted.len())?;
        // An ASCII byte begins and ends a character.
        return (0..=last)
            .find(|&at| {
                bytes[at..at + wanted.len()].eq_ignore_ascii_case(wanted)
                    && fits(text, at, at + wanted.len(), kind)
            })
            .map(|at| (at, at + wanted.len()));
    }
    text.char_indices().find_map(|(at, _)| {
        let end = at + length(&text[at..], from)?;
        fits(text, at, end, kind).then_some((at, end))
    })
}

/// How many bytes of `text` are `from` in another case.
fn length(text: &str, from: &str) -> Option<usize> {
    let mut wanted = from.chars().flat_map(char::to_lowercase).peekable();
    for (at, c) in text.char_indices() {
        if wanted.peek().is_none() {
            return Some(at);
        }
        for lower in c.to_lowercase() {
            if wanted.next() != Some(lower) {
                return None;
            }
        }
    }
    wanted.peek().is_none().then_some(text.len())
}

fn fits(text: &str, start: usize, end: usize, kind: Kind) -> bool {
    let is_joined = |c: Option<char>| c.is_some_and(|c| "/:.=_-~@*+{}[]&?%#".contains(c));
    match kind {
        Kind::Anywhere => true,
        Kind::Word => is_bounded(text, start, end),
        Kind::Joined => {
            let behind = text[end..].trim_end_matches([':', '.']);
            is_bounded(text, start, end)
                && (is_joined(text[..start].chars().next_back())
                    || (is_joined(behind.chars().next()) && !text[end..].starts_with(": ")))
        }
    }
}

/// Whether a character belongs to a word: `handle_path` is one.
pub(crate) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether no letter or digit goes on before `start` or behind `end`.
pub(crate) fn is_bounded(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(is_letter);
    let inside = &text[start..end];
    let before = is_letter(inside.chars().next()) && is_letter(text[..start].chars().next_back());
    let behind = is_letter(inside.chars().next_back()) && is_letter(text[end..].chars().next());
    !before && !behind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_several_bytes() {
        assert_eq!(find("see münchen.example", "MÜNCHEN.Example", Kind::Word), Some((4, 20)));
        assert_eq!(find("xmünchen", "MÜNCHEN", Kind::Word), None);
        assert!(same("Straße", "STRAßE") && !same("a", "ä"));
        assert_eq!(find("İ i", "i", Kind::Word), Some((3, 4)));
    }

    #[test]
    fn words_of_a_sentence_are_joined_to_nothing() {
        for (text, is_found) in [
            ("listener :80 opened", true),
            ("80 sites", false),
            ("port 80.", false),
            ("http://80/x", true),
            ("site 80: x", false),
        ] {
            assert_eq!(find(text, "80", Kind::Joined).is_some(), is_found, "{text}");
        }
    }
}
