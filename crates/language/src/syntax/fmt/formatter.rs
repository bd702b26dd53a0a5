//! What each character means where it stands.

mod brace;
mod heredoc;
mod quote;

use brace::Brace;

use super::import_line::ImportLine;
use super::page::Page;
use crate::version::{Change, Version};

/// The kind of text the next character belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Words, white space and braces.
    Plain,
    /// From `#` to the end of the line. Any unquoted `#` begins one, even in the middle of a word.
    Comment,
    /// After a `"` that began a word.
    DoubleQuoted,
    /// After a backquote, wherever it stands.
    Backquoted,
    /// After a backquote within double quotes: another backquote leads back there, and a `"` ends both.
    BackquotedInDouble,
    /// After `<<`, as long as a heredoc's marker may follow.
    HeredocMarker,
    /// Lines of a heredoc.
    HeredocBody,
}

/// The formatter between two characters.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact about the text so far")]
pub(super) struct Formatter {
    page: Page,
    mode: Mode,
    /// Whether the character before was a backslash that escapes the next.
    escaped: bool,
    /// Whether white space stands before the next character. Also true at the start of the text, and after a `<` that
    /// begins a word, to distinguish `<<` there from `a<<b`.
    after_space: bool,
    /// Whether an escaped `<` came since the last white space: then `<<` begins no heredoc.
    angle_escaped: bool,
    /// Newlines read but not written, counted up to 2: more than one empty line in a row shrink to one.
    newlines: usize,
    brace: Brace,
    /// The marker of the heredoc being read.
    marker: String,
    import_line: ImportLine,
    /// The Caddy whose layout it is.
    version: Version,
    /// Before 2.11.1: whether the number of backquotes so far is odd.
    is_within_backquotes: bool,
}

impl Formatter {
    /// Formats a text that has no white space around it.
    pub(crate) fn lay_out(text: &str, version: Version) -> String {
        let mut formatter = Self {
            page: Page::new(text.len()),
            mode: Mode::Plain,
            escaped: false,
            after_space: true,
            angle_escaped: false,
            newlines: 0,
            brace: Brace::Settled,
            marker: String::new(),
            import_line: ImportLine::default(),
            version,
            is_within_backquotes: false,
        };
        let mut rest = text;
        loop {
            let (run, behind) = rest.split_at(formatter.untouched(rest.as_bytes()));
            formatter.pass_through(run);
            let mut chars = behind.chars();
            let Some(ch) = chars.next() else { break };
            formatter.read(ch);
            rest = chars.as_str();
            // What the first blank of several does, the others need not do again.
            if matches!(ch, ' ' | '\t') && formatter.mode == Mode::Plain && formatter.after_space {
                rest = rest.trim_start_matches([' ', '\t']);
            }
        }
        // Before 2.11.7, a brace at the end of the text is lost.
        if version.has(Change::LayoutKeepsLoneBraces) {
            formatter.open_held_block();
        }
        formatter.page.finish()
    }

    /// How many bytes at the start of `rest` do nothing but pass through. Most of a text is read so.
    fn untouched(&self, rest: &[u8]) -> usize {
        let ends = match self.mode {
            _ if self.escaped || !self.keeps_backquotes() => return 0,
            Mode::Plain if self.is_inside_word() => |byte: u8| {
                !byte.is_ascii_graphic() || matches!(byte, b'\\' | b'`' | b'{' | b'}' | b'#' | b'<')
            },
            Mode::Comment => |byte| byte == b'\n',
            Mode::DoubleQuoted | Mode::Backquoted | Mode::BackquotedInDouble => {
                |byte| matches!(byte, b'"' | b'`' | b'\\')
            }
            Mode::HeredocBody => |byte: u8| !byte.is_ascii_graphic(),
            Mode::Plain | Mode::HeredocMarker => return 0,
        };
        rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len())
    }

    /// Whether the last character belongs to a word that has no white space or brace due before its next one.
    fn is_inside_word(&self) -> bool {
        let is_held = matches!(self.brace, Brace::Held { .. });
        !self.after_space && !self.page.at_line_start && self.newlines == 0 && !is_held
    }

    fn pass_through(&mut self, run: &str) {
        if self.mode == Mode::Plain {
            self.import_line.read(run);
        }
        self.page.write_run(run);
    }

    /// Whether text in backquotes stays as it is. Before 2.11.1, only braces in it do.
    fn keeps_backquotes(&self) -> bool {
        self.version.has(Change::LayoutKeepsBackquotes)
    }

    fn read(&mut self, ch: char) {
        let keeps_braces = self.version.has(Change::LayoutKeepsQuotedBraces);
        self.is_within_backquotes ^= ch == '`' && keeps_braces && !self.keeps_backquotes();
        match self.mode {
            Mode::Plain => self.read_plain(ch),
            Mode::Comment => self.read_comment(ch),
            Mode::DoubleQuoted | Mode::Backquoted | Mode::BackquotedInDouble => self.read_quoted(ch),
            Mode::HeredocMarker => self.read_heredoc_marker(ch),
            Mode::HeredocBody => self.read_heredoc_body(ch),
        }
    }

    fn read_plain(&mut self, ch: char) {
        if self.page.last == '<' && self.after_space && self.version.has(Change::LayoutKeepsHeredocs) {
            if ch == '<' && !self.angle_escaped {
                return self.begin_heredoc();
            }
            // White space after a word that ends in `<` is lost: `a< b` becomes `a<b`.
            self.after_space = false;
        }
        if self.read_escape(ch) {
            return;
        }
        match ch {
            '`' if self.keeps_backquotes() => self.open_backquote(),
            _ if ch.is_whitespace() => self.read_space(ch),
            _ => {
                if ch == '"' && self.after_space {
                    self.mode = Mode::DoubleQuoted;
                }
                self.read_visible(ch);
            }
        }
    }

    fn read_space(&mut self, ch: char) {
        self.after_space = true;
        self.angle_escaped = false;
        self.import_line.end_word();
        if ch == '\n' {
            let brace_waits = matches!(self.brace, Brace::Held { own_line: true, .. });
            self.import_line.end_line(self.page.is_top_level(), brace_waits);
            self.newlines = 2.min(self.newlines + 1);
        }
    }

    /// A comment runs to the end of its line. The newline is written at once, on top of which those of empty lines
    /// below are counted as usual: a comment may be followed by two empty lines.
    fn read_comment(&mut self, ch: char) {
        if ch == '\n' {
            self.mode = Mode::Plain;
            self.after_space = true;
            self.page.start_line();
        } else {
            self.page.write(ch);
        }
    }

    /// Reads a character that is not white space and, but for the last of a quoted text, not quoted.
    fn read_visible(&mut self, ch: char) {
        let after_space = std::mem::take(&mut self.after_space);
        if ch == '#' {
            self.mode = Mode::Comment;
        }
        if after_space || (ch == '{' && self.version.has(Change::LayoutKeepsLoneBraces)) {
            self.open_held_block();
        }
        match ch {
            '{' => {
                self.hold_brace(after_space);
                if self.is_within_backquotes {
                    self.page.write('{');
                    self.brace = Brace::InWord;
                }
            }
            '}' if after_space || self.brace == Brace::Settled => {
                if self.is_within_backquotes {
                    self.page.write('}');
                } else {
                    self.close_block();
                }
            }
            _ => self.write_in_word(ch, after_space),
        }
    }

    /// Writes a character of a word, after the white space that is due if it is the word's first.
    fn write_in_word(&mut self, ch: char, after_space: bool) {
        for _ in 0..std::mem::take(&mut self.newlines) {
            self.page.start_line();
        }
        if self.page.at_line_start {
            self.page.indent();
            self.page.part_from_closed_block();
        } else if after_space {
            self.page.write(' ');
        }
        if matches!(self.brace, Brace::Held { .. }) {
            self.page.write('{');
            self.brace = Brace::InWord;
        }
        self.after_space = after_space && ch == '<' && self.version.has(Change::LayoutKeepsHeredocs);
        self.import_line.read(ch.encode_utf8(&mut [0; 4]));
        self.page.write(ch);
        self.page.at_line_start = false;
    }
}
