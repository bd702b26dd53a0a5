//! The words of a Caddyfile, line by line, as far as secrets need them. The text need not compile.

use std::ops::Range;

/// What a word is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Without quotes.
    Plain,
    /// In quotes, which its range has too.
    Quoted,
    /// A heredoc, whose range begins at `<<`.
    Heredoc,
}

/// A word with its place in the text.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// Its bytes.
    pub range: Range<usize>,
    /// How it is written.
    pub kind: Kind,
}

impl Word {
    /// The bytes of what it says, without quotes.
    pub(crate) fn inner(&self) -> Range<usize> {
        match self.kind {
            Kind::Quoted if self.range.len() >= 2 => self.range.start + 1..self.range.end - 1,
            _ => self.range.clone(),
        }
    }
}

/// The words that belong together: those of one line and of those that continue it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// The words.
    pub words: Vec<Word>,
    /// Whether it is a comment.
    pub is_comment: bool,
}

/// The lines of `text`, comments too.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut reader = Reader { text, at: 0, all: Vec::new(), line: Line::default(), is_open: false };
    reader.read();
    reader.all
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    all: Vec<Line>,
    line: Line,
    /// Whether a heredoc was found without an end, so that no other is looked for.
    is_open: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn read(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' => {
                    self.at += 1;
                    self.end_line();
                }
                '\\' if self.rest().starts_with("\\\n") => self.at += 2,
                '\\' if self.rest().starts_with("\\\r\n") => self.at += 3,
                c if c.is_whitespace() => self.at += c.len_utf8(),
                '#' => self.comment(),
                '"' | '`' => self.quoted(c),
                '<' if self.heredoc() => {}
                _ => {
                    let end = self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
                    self.push(self.at + end, Kind::Plain);
                }
            }
        }
        self.end_line();
    }

    fn push(&mut self, end: usize, kind: Kind) {
        self.line.words.push(Word { range: self.at..end, kind });
        self.at = end;
    }

    fn end_line(&mut self) {
        if !self.line.words.is_empty() {
            self.all.push(std::mem::take(&mut self.line));
        }
    }

    /// A comment is a line of its own, whatever stands before it.
    fn comment(&mut self) {
        let end = self.at + self.rest().find('\n').unwrap_or(self.rest().len());
        let mut line = Line { words: Vec::new(), is_comment: true };
        self.at += self.rest().find(|c| c != '#').unwrap_or(self.rest().len());
        let outer = std::mem::take(&mut self.line);
        while self.at < end {
            let Some(c) = self.rest().chars().next() else { break };
            if c.is_whitespace() {
                self.at += c.len_utf8();
                continue;
            }
            let body = &self.text[self.at..end];
            let close = matches!(c, '"' | '`').then(|| body[1..].find(c)).flatten().map(|close| close + 2);
            let length = close.or_else(|| body.find(char::is_whitespace)).unwrap_or(body.len());
            let kind = if close.is_some() { Kind::Quoted } else { Kind::Plain };
            line.words.push(Word { range: self.at..self.at + length, kind });
            self.at += length;
        }
        self.line = outer;
        if !line.words.is_empty() {
            self.all.push(line);
        }
    }

    /// Up to the closing quote; up to the end of the line where there is none.
    fn quoted(&mut self, quote: char) {
        let body = &self.rest()[1..];
        let mut escaped = false;
        let close = body.char_indices().find(|(_, c)| {
            let closes = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped && quote == '"';
            closes
        });
        let (end, kind) = match close {
            Some((close, _)) => (self.at + close + 2, Kind::Quoted),
            None => (self.at + self.rest().find('\n').unwrap_or(self.rest().len()), Kind::Plain),
        };
        self.push(end, kind);
    }

    fn heredoc(&mut self) -> bool {
        let Some(body) = self.rest().strip_prefix("<<").filter(|_| !self.is_open) else { return false };
        let first = body.lines().next().unwrap_or("");
        let is_marker = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if first.trim_end().is_empty() || !first.trim_end().chars().all(is_marker) {
            return false;
        }
        let marker = first.trim_end();
        let mut length = first.len() + 1;
        for line in body.get(length..).unwrap_or("").split_inclusive('\n') {
            if line.split_whitespace().next() == Some(marker) {
                let end = self.at + 2 + length + line.find(marker).unwrap_or(0) + marker.len();
                self.push(end, Kind::Heredoc);
                return true;
            }
            length += line.len();
        }
        self.is_open = true;
        false
    }
}
