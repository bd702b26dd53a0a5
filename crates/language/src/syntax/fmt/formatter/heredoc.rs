//! Heredocs: `<<MARKER`, lines that stay as they are, and `MARKER` again.

use super::{Formatter, Mode};

impl Formatter {
    pub(super) fn begin_heredoc(&mut self) {
        self.page.write('<');
        self.mode = Mode::HeredocMarker;
        self.after_space = false;
    }

    /// A heredoc begins when nothing but a marker stands between `<<` and the newline. White space, which includes the
    /// carriage return of a Windows line end, makes it an ordinary word.
    pub(super) fn read_heredoc_marker(&mut self, ch: char) {
        if !ch.is_whitespace() {
            self.marker.push(ch);
            self.page.write(ch);
        } else if ch != '\n' {
            self.end_heredoc(ch);
        } else if is_marker(&self.marker) {
            self.mode = Mode::HeredocBody;
            self.page.write(ch);
        } else {
            self.mode = Mode::Plain;
            self.marker.clear();
            self.page.start_line();
        }
    }

    /// A heredoc ends with the first word that ends with its marker, wherever on a line it stands.
    pub(super) fn read_heredoc_body(&mut self, ch: char) {
        if ch.is_whitespace() && self.page.ends_with(&self.marker) {
            self.end_heredoc(ch);
        } else {
            self.page.write(ch);
        }
    }

    fn end_heredoc(&mut self, space: char) {
        self.mode = Mode::Plain;
        self.marker.clear();
        self.read_space(space);
    }
}

/// Whether a heredoc may be named so.
fn is_marker(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
