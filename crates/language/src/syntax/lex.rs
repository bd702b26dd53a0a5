//! Pest's pairs to words, with the line that each word counts for.

use std::sync::Arc;

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use super::word::{self, Quote, Word};
use crate::diagnostics::{Diagnostic, braces};
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::version::Change;

mod heredoc;

/// How many bytes of simple text are read at once, so that what pest remembers stays small.
const MOST_SIMPLE: usize = 16 * 1024;

/// The parser that pest derives from the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/caddyfile.pest"]
struct Grammar;

/// The words of `file`, and the faults of its shape. With a fault of this kind Caddy reads nothing at all, so the words
/// are there only to find further faults.
pub fn lex(sources: &Sources, file: FileId) -> (Vec<Word>, Vec<Diagnostic>) {
    let mut whole = Piece::default();
    for mut piece in Lexer::new(sources, file) {
        whole.words.append(&mut piece.words);
        whole.faults.append(&mut piece.faults);
    }
    (whole.words, whole.faults)
}

/// How many pairs the grammar makes of `file`: the work of pest alone, for measurements.
pub fn count_pairs(sources: &Sources, file: FileId) -> usize {
    let mut lexer = Lexer::new(sources, file);
    let mut count = 0;
    while lexer.advance(|_, pairs| count += pairs.flatten().count()) {}
    count
}

/// What a piece of a file has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    /// Its words, possibly none.
    pub words: Vec<Word>,
    /// The faults of its shape.
    pub faults: Vec<Diagnostic>,
}

/// Reads a file in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Lexer {
    source: Arc<SourceFile>,
    file: FileId,
    /// Where the current piece begins.
    piece: usize,
    /// How far the text from the current piece on is known to be what the rule `simple` is for.
    simple: usize,
    /// How far lines have been counted.
    at: usize,
    /// The line `at` stands on, from 1.
    line: u32,
    /// Line breaks since the last one that counts, which were escaped.
    joined: u32,
    /// Whether the next line break is escaped.
    joins: bool,
    /// What has been read of the current piece.
    read: Piece,
    /// Whether a brace in quotes is an argument.
    quotes_braces: bool,
}

impl Lexer {
    /// At the start of `file`.
    pub(crate) fn new(sources: &Sources, file: FileId) -> Self {
        let source = sources.share(file);
        Self {
            simple: 0,
            source,
            file,
            piece: 0,
            at: 0,
            line: 1,
            joined: 0,
            joins: false,
            read: Piece::default(),
            quotes_braces: sources.version().has(Change::QuotedBraces),
        }
    }

    /// Reads the next piece with `take`; `false` at the end of the file.
    fn advance(&mut self, mut take: impl FnMut(&mut Self, Pairs<'_, Rule>)) -> bool {
        let source = Arc::clone(&self.source);
        let text = source.parsed_text();
        let Some(rest) = text.get(self.piece..).filter(|rest| !rest.is_empty()) else { return false };
        let lines = self.simple_lines(text);
        let mut read = if lines.is_empty() { 0 } else { self.read(Rule::simple, lines, &mut take) };
        if read == 0 {
            read = self.read(if self.piece == 0 { Rule::first } else { Rule::further }, rest, &mut take);
        }
        if read == 0 {
            // The grammar accepts every text; should a text defeat it, say where.
            let place = self.span(self.piece, self.piece);
            self.read.faults.push(braces::unreadable(place));
        }
        self.piece = if read == 0 { usize::MAX } else { self.piece + read };
        true
    }

    /// Gives to `take` what `rule` finds at the start of `text`; how many bytes it has read.
    fn read(&mut self, rule: Rule, text: &str, take: &mut impl FnMut(&mut Self, Pairs<'_, Rule>)) -> usize {
        let Some(piece) = Grammar::parse(rule, text).ok().and_then(|mut pairs| pairs.next()) else {
            return 0;
        };
        let read = piece.as_span().end();
        take(self, piece.into_inner());
        read
    }

    fn pairs(&mut self, pairs: Pairs<'_, Rule>) {
        self.read.words.reserve_exact(pairs.len());
        pairs.for_each(|pair| self.pair(pair));
    }

    /// Whole lines from the current piece on that the rule `simple` is for, possibly none.
    fn simple_lines<'t>(&mut self, text: &'t str) -> &'t str {
        self.simple = simple_until(text, self.simple.max(self.piece), self.piece + MOST_SIMPLE);
        if self.simple == text.len() {
            return &text[self.piece..];
        }
        let lines = text.as_bytes()[self.piece..self.simple].iter().rposition(|byte| *byte == b'\n');
        lines.map_or("", |last| &text[self.piece..=self.piece + last])
    }

    /// The text that is read.
    fn text(&self) -> &str {
        self.source.parsed_text()
    }

    /// Where `pair` stands in the text.
    fn place(&self, pair: &Pair<'_, Rule>) -> (usize, usize) {
        let span = pair.as_span();
        (self.piece + span.start(), self.piece + span.end())
    }

    fn pair(&mut self, pair: Pair<'_, Rule>) {
        let (start, end) = self.place(&pair);
        self.pass(start);
        let line = self.line - self.joined;
        match pair.as_rule() {
            Rule::joined => {
                self.joins = true;
                self.pass(end);
            }
            Rule::plain => {
                self.push(line, start, end, pair.as_str().into(), Quote::Bare);
                self.at = end;
            }
            // A backslash anywhere in a comment escapes the line break at its end.
            Rule::comment => self.joins = pair.as_str().contains('\\'),
            Rule::bare => {
                let written = pair.as_str();
                let text = word::unescape_bare(written);
                // An odd number of backslashes at the end leaves one that escapes what follows.
                let backslashes =
                    written.trim_end_matches('\r').bytes().rev().take_while(|b| *b == b'\\').count();
                if !text.is_empty() {
                    self.push(line, start, end, text, Quote::Bare);
                }
                self.pass(end);
                // White space ends the word first, and then the line break is no longer escaped.
                self.joins = backslashes % 2 == 1 && self.text()[end..].starts_with('\n');
            }
            Rule::quoted => {
                let (led, body) = lead_and_body(pair);
                let text = if led {
                    word::unescape_quoted(&format!("\\{body}"))
                } else {
                    word::unescape_quoted(body)
                };
                self.push(line, start, end, text, Quote::Double);
                self.pass_inside(end);
            }
            Rule::backticked => {
                let (_, body) = lead_and_body(pair);
                self.push(line, start, end, body.into(), Quote::Backtick);
                self.pass_inside(end);
            }
            Rule::unclosed => self.unclosed(&pair, line),
            Rule::heredoc => {
                let body = pair.into_inner().find(|p| p.as_rule() == Rule::heredoc_body);
                self.heredoc(body.map_or("", |p| p.as_str()), line, start, end);
            }
            Rule::bad_heredoc => self.bad_heredoc(&pair),
            // The end of input and the parts of the rules above.
            _ => {}
        }
    }

    /// Counts the line breaks up to `end`, in the blank between two words.
    fn pass(&mut self, end: usize) {
        let passed = self.source.parsed_text().as_bytes().get(self.at..end).unwrap_or_default();
        for _ in passed.iter().filter(|byte| **byte == b'\n') {
            self.line += 1;
            self.joined = if self.joins { self.joined + 1 } else { 0 };
            self.joins = false;
        }
        self.at = self.at.max(end);
    }

    /// Counts the line breaks inside a word, none of which can be escaped.
    fn pass_inside(&mut self, end: usize) {
        self.joins = false;
        self.pass(end);
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let (start, end) = self.source.written(start, end);
        Span::new(self.file, start, end)
    }

    fn push(&mut self, line: u32, start: usize, end: usize, text: ecow::EcoString, quote: Quote) {
        let span = self.span(start, end);
        let is_brace = matches!(text.as_str(), "{" | "}");
        let quote = if is_brace && !self.quotes_braces { Quote::Bare } else { quote };
        self.read.words.push(Word { text, span, line, quote, ..Word::default() });
    }

    fn unclosed(&mut self, pair: &Pair<'_, Rule>, line: u32) {
        let (start, end) = self.place(pair);
        let (mut led, mut mark) = (false, "");
        let mut from = start;
        for part in pair.clone().into_inner() {
            if part.as_rule() == Rule::lead {
                led = true;
            } else {
                (mark, from) = (part.as_str(), self.place(&part).1);
            }
        }
        let body = &self.text()[from..end];
        let text = match mark {
            "`" => body.into(),
            _ if led => word::unescape_quoted(&format!("\\{body}")),
            _ => word::unescape_quoted(body),
        };
        if !text.is_empty() {
            self.push(line, start, end, text, Quote::Bare);
        }
        self.pass_inside(end);
    }
}

impl Iterator for Lexer {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.advance(Self::pairs).then(|| std::mem::take(&mut self.read))
    }
}

/// Where the text ends that begins at `from` and has only what the rule `simple` is for; no further than `to`.
fn simple_until(text: &str, from: usize, to: usize) -> usize {
    const BLOCK: usize = 64;
    let is_simple = |byte: &u8| matches!(byte, b' '..=b'[' | b']'..=b'~' | b'\n' | b'\t');
    let to = to.min(text.len()).max(from);
    let rest = &text.as_bytes()[from..to];
    // Whole blocks take no branches.
    let blocks = rest
        .chunks_exact(BLOCK)
        .take_while(|block| block.iter().fold(true, |all, byte| all & is_simple(byte)));
    let whole = BLOCK * blocks.count();
    let length = rest[whole..].iter().position(|byte| !is_simple(byte));
    length.map_or(to, |length| from + whole + length)
}

/// Whether a quoted word has a lead, and its body.
fn lead_and_body(pair: Pair<'_, Rule>) -> (bool, &str) {
    let mut led = false;
    let mut body = "";
    for part in pair.into_inner() {
        if part.as_rule() == Rule::lead {
            led = true;
        } else {
            body = part.as_str();
        }
    }
    (led, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Env;

    /// Words as `line:text`, with the quote's mark.
    fn words(text: &str) -> String {
        let mut sources = Sources::new();
        let file = sources.add("Caddyfile", text.as_bytes(), &Env::empty());
        let (words, faults) = lex(&sources, file);
        let mark = |q| match q {
            Quote::Bare => "",
            Quote::Double => "\"",
            Quote::Backtick => "`",
            Quote::Heredoc => "<",
        };
        let words: Vec<_> = words.iter().map(|w| format!("{}:{}{}", w.line, mark(w.quote), w.text)).collect();
        words.join(" ") + &" !".repeat(faults.len())
    }

    #[test]
    fn words_and_lines() {
        for (text, expected) in [
            ("a b\nc", "1:a 1:b 2:c"),
            ("a # b\nc#d", "1:a 2:c#d"),
            ("\u{feff}a", "1:a"),
            ("a \"b c\"d", "1:a 1:\"b c 1:d"),
            ("\"a\nb\" c\nd", "1:\"a\nb 2:c 3:d"),
            ("\"a\\\"b\\n\"", "1:\"a\"b\\n"),
            ("`a\"\\`", "1:`a\"\\"),
            ("a\"b\"", "1:a\"b\""),
            ("a \\\nb\nc", "1:a 1:b 3:c"),
            ("a\\\nb", "1:a 1:b"),
            ("a\\ b\nc", "1:a 1:b 2:c"),
            ("a\\ \nb", "1:a 2:b"),
            ("a # \\ \nb\nc", "1:a 1:b 3:c"),
            ("a \"b", "1:a 1:b"),
            ("a \"", "1:a"),
            ("<<E\n  x\n  E y\nz", "1:<x 3:y 4:z"),
            ("<<E", "1:<<E"),
            ("<< a", "1:<< 1:a"),
            ("<<E\n", ""),
            ("<<E\nx", "1:<<<E !"),
            ("<<<E\nx", "1:<<<<E !"),
            ("\\<<E\nx", "1:<<E 2:x"),
            ("a\u{a0}b\r\nc\rd", "1:a 1:b 2:cd"),
            ("\\ x", "1:\\x"),
            ("{a}{", "1:{a}{"),
        ] {
            assert_eq!(words(text), expected, "{text:?}");
        }
    }
}
