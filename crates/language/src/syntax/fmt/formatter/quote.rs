//! Backslashes and quotes, which keep text as it is.

use super::{Formatter, Mode};

impl Formatter {
    /// Writes a backslash and the character after it as they are; says whether `ch` was one of them.
    ///
    /// The backslash takes a single space before it and nothing else. Newlines before it, and a held brace, are written
    /// after it, with the next plain character.
    pub(super) fn read_escape(&mut self, ch: char) -> bool {
        if self.escaped {
            self.escaped = false;
            self.angle_escaped |= ch == '<';
        } else if ch == '\\' {
            self.escaped = true;
            if std::mem::take(&mut self.after_space) {
                self.page.write(' ');
            }
        } else {
            return false;
        }
        self.page.write(ch);
        true
    }

    /// Like a backslash, an opening backquote is written with at most a space before it. Newlines before it come after
    /// the quoted text, in front of the closing backquote.
    pub(super) fn open_backquote(&mut self) {
        self.mode = Mode::Backquoted;
        if std::mem::take(&mut self.after_space) && !self.page.at_line_start {
            self.page.write(' ');
        }
        self.page.write('`');
    }

    pub(super) fn read_quoted(&mut self, ch: char) {
        if self.read_escape(ch) {
            return;
        }
        self.mode = match (self.mode, ch) {
            (Mode::DoubleQuoted, '"') => Mode::Plain,
            (Mode::DoubleQuoted, '`') if self.keeps_backquotes() => Mode::BackquotedInDouble,
            (Mode::BackquotedInDouble, '`') => Mode::DoubleQuoted,
            (Mode::Backquoted, '`') | (Mode::BackquotedInDouble, '"') => {
                self.mode = Mode::Plain;
                return self.read_visible(ch);
            }
            (mode, _) => mode,
        };
        self.page.write(ch);
    }
}
