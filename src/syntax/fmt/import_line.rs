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
    /// The word being read, cut off once it can no longer be `import`.
    word: String,
    /// The line's first word, empty until it has ended.
    first: String,
    /// Whether the line above was a top-level `import`.
    pub above: bool,
}

impl ImportLine {
    /// More of a word.
    pub fn read(&mut self, part: &str) {
        if self.word.len() <= IMPORT.len() {
            // One character more is enough to tell another word.
            self.word.extend(part.chars().take(IMPORT.len() + 1));
        }
    }

    /// The word, if there is one, has ended.
    pub fn end_word(&mut self) {
        if self.first.is_empty() {
            std::mem::swap(&mut self.first, &mut self.word);
        }
        self.word.clear();
    }

    /// The line has ended. An empty line forgets the import above it, unless a brace that stands alone waits for its
    /// block to begin (`brace_waits`).
    pub fn end_line(&mut self, is_top_level: bool, brace_waits: bool) {
        self.end_word();
        if !self.first.is_empty() {
            self.above = is_top_level && self.first == IMPORT;
        } else if !brace_waits {
            self.above = false;
        }
        self.first.clear();
    }
}
