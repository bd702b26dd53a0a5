//! Braces: those that open and close blocks, and those that belong to words.

use super::Formatter;
use crate::version::Change;

/// The latest opening brace, which may begin a block or belong to a word such as `{$HOST}`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Brace {
    /// It opened a block, or there was none yet.
    Settled,
    /// Not written yet: what follows decides. Before white space, another opening brace or the end of the text it opens
    /// a block; before anything else it belongs to a word.
    Held {
        /// It followed white space on a line that already had words.
        spaced: bool,
        /// It was the first on its line, which may end up joined to the line above.
        own_line: bool,
    },
    /// It was part of a word.
    ///
    /// Until another brace opens a block, a `}` that touches a word belongs to that word; `Settled`, it would close a
    /// block.
    InWord,
}

impl Formatter {
    pub(super) fn hold_brace(&mut self, after_space: bool) {
        self.import_line.end_word();
        let spaced = after_space && !self.page.at_line_start;
        let own_line = self.newlines > 0;
        // Before 2.11.1, the space is written in front of a line break, too.
        if spaced && (!own_line || !self.version.has(Change::LayoutWithoutLooseSpaces)) {
            self.page.write(' ');
        }
        self.brace = Brace::Held { spaced, own_line };
    }

    /// Opens the block of the brace that is held, if one is.
    ///
    /// Puts the brace at the end of the line above, or below a top-level `import` on its own line, and drops the
    /// empty lines after it.
    pub(super) fn open_held_block(&mut self) {
        let Brace::Held { spaced, own_line } = self.brace else { return };
        self.page.part_from_closed_block();
        if own_line && self.import_line.above && self.version.has(Change::LayoutKeepsImports) {
            self.page.start_line_once();
            self.page.indent();
        } else if self.page.at_line_start {
            self.page.indent();
        } else if !spaced
            || (!self.page.last.is_whitespace() && self.version.has(Change::LayoutWithoutLooseSpaces))
        {
            self.page.write(' ');
        }
        self.page.open_block();
        self.brace = Brace::Settled;
        self.newlines = 0;
    }

    /// Puts a closing brace on its own line and drops the empty lines before it.
    pub(super) fn close_block(&mut self) {
        self.import_line.end_word();
        self.page.close_block();
        self.newlines = 0;
    }
}
