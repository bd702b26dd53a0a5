//! Lines of a file as they are shown, with the way from a byte of the file to a byte of what is shown. One character of the
//! file is one of what is shown, so that columns are those of the file.

use std::borrow::Cow;
use std::ops::Range;

use super::letters::{Kept, Reader};
use super::runner;

/// Lines of a file in which each hidden character is a picture of it (␛) or `�`, and so is the first character of what a runner
/// would obey; tabs and line ends stay.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt<'t> {
    /// What is shown.
    pub text: Cow<'t, str>,
    /// Where each picture's character starts in the file, and where the picture ends less where the character ends: in bytes,
    /// and negative where pictures are shorter.
    moved: Vec<(usize, isize)>,
}

impl<'t> Excerpt<'t> {
    /// `text` as it is shown.
    pub(crate) fn new(text: Cow<'t, str>) -> Self {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n'))
            && !text.contains(runner::MARK)
        {
            return Self { text, moved: Vec::new() };
        }
        let mut out = String::with_capacity(text.len());
        let mut moved = Vec::new();
        let mut reader = Reader::default();
        for (at, c) in text.char_indices() {
            let rest = &text[at..];
            let is_shown = reader.shows(c, rest, Kept::Lines) || rest.starts_with("\r\n");
            if is_shown && !runner::begins_mark(rest) {
                out.push(c);
            } else {
                out.push(picture(c));
                moved.push((at, out.len().cast_signed() - (at + c.len_utf8()).cast_signed()));
            }
        }
        if moved.is_empty() { Self { text, moved } } else { Self { text: out.into(), moved } }
    }

    /// A range of the file's bytes as one of what is shown. Its ends lie between characters.
    pub(crate) fn range(&self, range: Range<usize>) -> Range<usize> {
        self.at(range.start)..self.at(range.end)
    }

    fn at(&self, byte: usize) -> usize {
        let before = self.moved.partition_point(|(start, _)| *start < byte);
        byte.saturating_add_signed(before.checked_sub(1).map_or(0, |last| self.moved[last].1))
    }
}

/// What a hidden character is drawn as: Unicode has pictures of the control characters of ASCII.
fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7F}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_move_with_what_is_written_out() {
        let text = "a\u{9b}b\u{e0041}##[x]\r\n\u{202e}c\u{1b}\r";
        let excerpt = Excerpt::new(text.into());
        assert_eq!(excerpt.text, "a�b��#[x]\r\n�c␛␍");
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let shown = excerpt.text.char_indices().map(|(at, _)| at).chain([excerpt.text.len()]);
        for (end, shown) in ends.zip(shown) {
            assert_eq!(excerpt.range(0..end), 0..shown);
        }
    }
}
