//! Places in texts, in the types of the protocol.

use std::ops::Range as Bytes;

use caddyctl_analysis::editor::positions;
use caddyctl_language::source::SourceFile;
use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// How the editor counts the characters of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoding(positions::Encoding);

impl Encoding {
    /// The best that the editor offers.
    pub fn choose(offered: &[PositionEncodingKind]) -> Self {
        let has_bytes = offered.contains(&PositionEncodingKind::UTF8);
        Self(if has_bytes { positions::Encoding::Utf8 } else { positions::Encoding::Utf16 })
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self.0 {
            positions::Encoding::Utf8 => PositionEncodingKind::UTF8,
            positions::Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    /// The byte of `text` at a position.
    pub fn offset(self, text: &str, position: Position) -> usize {
        self.0.offset(text, from(position))
    }

    /// The position of a byte of `text`.
    pub fn position(self, text: &str, offset: usize) -> Position {
        to(self.0.position(text, offset))
    }

    /// The range of bytes of `text`.
    pub fn range(self, text: &str, bytes: &Bytes<usize>) -> Range {
        both(self.0.range(text, bytes))
    }

    /// The bytes of `text` in a range.
    pub fn bytes(self, text: &str, range: Range) -> Bytes<usize> {
        self.0.bytes(text, positions::Range { start: from(range.start), end: from(range.end) })
    }

    /// The range of bytes of a file that was read.
    pub fn range_in(self, file: &SourceFile, bytes: &Bytes<usize>) -> Range {
        both(self.0.range_in(file, bytes))
    }
}

fn from(position: Position) -> positions::Position {
    positions::Position { line: position.line, character: position.character }
}

fn to(position: positions::Position) -> Position {
    Position { line: position.line, character: position.character }
}

fn both(range: positions::Range) -> Range {
    Range { start: to(range.start), end: to(range.end) }
}
