//! The rule for a brace that stands on a line of its own below a top-level `import`.
//!
//! An opening brace on its own line is normally pulled up to the end of the line above. Below `import name` at top level
//! it opens a new block instead (the global options, or a site whose address is imported), so there it stays.

const IMPORT: &str = "import";

/// Watches the first word of each line.
///
/// Only plain characters count as part of a word. Escaped ones are passed over, and of quoted text all but one quote, so
/// a quoted `import` is none. A comment does not end its line here: the first word of a line with a comment behind it is
/// also that of the line below.
#[derive(Default)]
pub(super) struct ImportLine {
    /// The word being read.
    word: Word,
    /// The line's first word, nothing until it has ended.
    first: Word,
    /// Whether the line above was a top-level `import`.
    pub above: bool,
}

/// As much of a word as matters.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Word {
    /// Nothing has been read of it.
    #[default]
    Empty,
    /// So many characters of `import`, and no other ones.
    Begun(usize),
    /// It is not `import`.
    Other,
}

impl Word {
    const IMPORT: Self = Self::Begun(IMPORT.len());

    fn and(self, part: &str) -> Self {
        let begun = match self {
            Self::Empty if part.is_empty() => return self,
            Self::Empty => 0,
            Self::Begun(begun) => begun,
            Self::Other => return self,
        };
        if IMPORT[begun..].starts_with(part) { Self::Begun(begun + part.len()) } else { Self::Other }
    }
}

impl ImportLine {
    /// More of a word.
    pub(crate) fn read(&mut self, part: &str) {
        self.word = self.word.and(part);
    }

    /// The word, if there is one, has ended.
    pub(crate) fn end_word(&mut self) {
        if self.first == Word::Empty {
            self.first = self.word;
        }
        self.word = Word::Empty;
    }

    /// The line has ended. An empty line forgets the import above it, unless a brace that stands alone waits for its
    /// block to begin (`brace_waits`).
    pub(crate) fn end_line(&mut self, is_top_level: bool, brace_waits: bool) {
        self.end_word();
        if self.first != Word::Empty {
            self.above = is_top_level && self.first == Word::IMPORT;
        } else if !brace_waits {
            self.above = false;
        }
        self.first = Word::Empty;
    }
}
