//! The text written so far, and where on the page the next character goes.

/// Blocks nested deeper than this are indented no further (measured on Caddy 2.11.7).
///
/// Depth past the limit is not counted either. So below eleven nested blocks, the first ten closing braces bring the
/// indentation back to the margin.
const DEEPEST: usize = 10;

/// The formatted text as it grows.
pub(super) struct Page {
    text: String,
    /// The last character written; NUL before the first. Spares decoding the end of `text` for every character.
    pub last: char,
    /// Whether no word stands on the current line yet.
    ///
    /// Only a plain word clears this. A closing brace does not, nor does a line that begins with a backslash.
    pub at_line_start: bool,
    depth: usize,
}

impl Page {
    /// An empty page, with room for a text of about `len` bytes.
    pub(crate) fn new(len: usize) -> Self {
        Self { text: String::with_capacity(len + len / 8), last: '\0', at_line_start: true, depth: 0 }
    }

    /// Puts down one character as it is.
    pub(crate) fn write(&mut self, ch: char) {
        self.text.push(ch);
        self.last = ch;
    }

    /// Puts down several as they are.
    pub(crate) fn write_run(&mut self, run: &str) {
        self.text.push_str(run);
        self.last = run.chars().next_back().unwrap_or(self.last);
    }

    /// Ends the current line.
    pub(crate) fn start_line(&mut self) {
        self.write('\n');
        self.at_line_start = true;
    }

    /// Ends the current line unless it was just ended.
    pub(crate) fn start_line_once(&mut self) {
        if self.last != '\n' {
            self.start_line();
        }
    }

    /// Keeps what follows a closing brace on its line apart from it, by an empty line, if it closed a top-level block.
    pub(crate) fn part_from_closed_block(&mut self) {
        if self.is_top_level() && self.last == '}' {
            self.start_line();
            self.start_line();
        }
    }

    /// One tab for each open block.
    pub(crate) fn indent(&mut self) {
        for _ in 0..self.depth {
            self.write('\t');
        }
    }

    /// Whether no block is open.
    pub(crate) fn is_top_level(&self) -> bool {
        self.depth == 0
    }

    /// Writes `{` and goes one block deeper, at most to [`DEEPEST`].
    pub(crate) fn open_block(&mut self) {
        self.write('{');
        self.start_line();
        self.depth = DEEPEST.min(self.depth + 1);
    }

    /// Writes `}` on a line of its own, one block less deep. At the margin it stays there.
    pub(crate) fn close_block(&mut self) {
        self.start_line_once();
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        self.write('}');
    }

    /// Whether the text ends with `word`, which must not be longer than the text.
    ///
    /// Compares from the end: against a word without white space, the cost is then bounded by the length of the last
    /// word, which keeps long heredoc markers from costing quadratic time.
    pub(crate) fn ends_with(&self, word: &str) -> bool {
        self.text.bytes().rev().zip(word.bytes().rev()).all(|(have, want)| have == want)
    }

    /// The finished text: no white space around it, one newline at the end.
    pub(crate) fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        let margin = self.text.len() - self.text.trim_start().len();
        self.text.drain(..margin);
        self.text.push('\n');
        self.text
    }
}
