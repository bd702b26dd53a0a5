//! Lines and characters as editors count them, and bytes as we do.

use std::ops::Range as Bytes;

use caddyctl_language::source::SourceFile;

/// How characters of a line are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// In bytes, where the editor can.
    Utf8,
    /// In halves of UTF-16, which every editor can.
    #[default]
    Utf16,
}

/// A place in a text, as the Language Server Protocol counts: lines and units of an [`Encoding`], from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The units of the line before the place.
    pub character: u32,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// Its first character.
    pub start: Position,
    /// What follows its last character.
    pub end: Position,
}

impl Encoding {
    /// The byte of `text` at a position; positions behind a line's end mean its end.
    pub fn offset(self, text: &str, position: Position) -> usize {
        let mut start = 0;
        for _ in 0..position.line {
            let Some(end) = text[start..].find('\n') else { return text.len() };
            start += end + 1;
        }
        let line = text[start..].split('\n').next().unwrap_or_default();
        let wanted = position.character as usize;
        let mut units = 0;
        for (at, c) in line.char_indices() {
            if units >= wanted {
                return start + at;
            }
            units += self.width(c);
        }
        start + line.len()
    }

    /// The position of a byte of `text`.
    pub fn position(self, text: &str, offset: usize) -> Position {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let character: usize = before[start..].chars().map(|c| self.width(c)).sum();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { line: count(line), character: count(character) }
    }

    /// The range of bytes of `text`.
    pub fn range(self, text: &str, bytes: &Bytes<usize>) -> Range {
        Range { start: self.position(text, bytes.start), end: self.position(text, bytes.end) }
    }

    /// The bytes of `text` in a range. An end that stands before its start means the start.
    pub fn bytes(self, text: &str, range: Range) -> Bytes<usize> {
        let start = self.offset(text, range.start);
        start..self.offset(text, range.end).max(start)
    }

    /// The range of bytes of a file that was read, which knows its lines.
    pub fn range_in(self, file: &SourceFile, bytes: &Bytes<usize>) -> Range {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let position = |offset: usize| {
            let (bytes, units) = file.column_units(offset);
            let character = if self == Self::Utf8 { bytes } else { units };
            Position { line: count(file.position(offset).line - 1), character: count(character) }
        };
        Range { start: position(bytes.start), end: position(bytes.end) }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text = "a\nü𝄞b\n";
        for (offset, line, utf16, utf8) in
            [(0, 0, 0, 0), (2, 1, 0, 0), (4, 1, 1, 2), (8, 1, 3, 6), (10, 2, 0, 0)]
        {
            for (encoding, character) in [(Encoding::Utf16, utf16), (Encoding::Utf8, utf8)] {
                let position = Position { line, character };
                assert_eq!(encoding.position(text, offset), position, "{offset}");
                assert_eq!(encoding.offset(text, position), offset, "{position:?}");
            }
        }
        assert_eq!(Encoding::Utf16.offset(text, Position { line: 0, character: 99 }), 1);
        assert_eq!(Encoding::Utf16.offset(text, Position { line: 99, character: 0 }), text.len());
    }
}
