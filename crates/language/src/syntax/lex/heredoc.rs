//! Heredocs, and what begins like one and is none.

use pest::iterators::Pair;

use super::{Lexer, Rule};
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::word::{self, Quote};

impl Lexer {
    pub(super) fn heredoc(&mut self, body: &str, line: u32, start: usize, end: usize) {
        match word::unindent(body) {
            Ok(text) => self.push(line, start, end, text, Quote::Heredoc),
            Err(fault) => {
                let opening = self.text()[start..].find('\n').map_or(end, |at| start + at + 1);
                let at: usize =
                    opening + body.split_inclusive('\n').take(fault.line).map(str::len).sum::<usize>();
                let until = self.text()[at..].find('\n').map_or(end, |length| at + length);
                let span = self.span(at, until);
                let closing = self.span(end.saturating_sub(1), end);
                let indent = fault.indent.replace('\t', "\\t");
                self.read.faults.push(
                    Diagnostic::error(
                        Code::HEREDOC,
                        span,
                        "this line of the heredoc is indented less than its closing marker",
                    )
                    .label(format!("expected to begin with \"{indent}\""))
                    .also(closing, "the closing marker sets the indentation")
                    .help("indent every line of the heredoc at least as far, with the same tabs and spaces"),
                );
                let text = body.rsplit_once('\n').map_or("", |(text, _)| text);
                self.push(line, start, end, text.into(), Quote::Heredoc);
            }
        }
        self.pass_inside(end);
    }

    pub(super) fn bad_heredoc(&mut self, pair: &Pair<'_, Rule>) {
        let (start, last) = self.place(pair);
        let opening = self.text()[start..].split('\n').next().unwrap_or("");
        let end = start + opening.trim_end_matches('\r').len();
        let marker: String = opening.chars().filter(|c| *c != '\r').skip(2).collect();
        let is_marker = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let rest = &self.text()[start + opening.len()..];
        let fault = if marker.is_empty() {
            Diagnostic::error(Code::HEREDOC, self.span(start, end), "this heredoc has no marker")
                .help("write a marker after `<<`, such as `<<END`, and the same word at its end")
        } else if marker.starts_with('<') {
            Diagnostic::error(
                Code::HEREDOC,
                self.span(start, end),
                "a heredoc begins with two `<`, not three",
            )
            .help(format!("write `<<{}`", marker.trim_start_matches('<')))
        } else if !marker.chars().all(is_marker) {
            Diagnostic::error(
                Code::HEREDOC,
                self.span(start, end),
                "this heredoc marker has other characters than letters, digits, `-` and `_`",
            )
            .help("write a plain marker, such as `<<END`; to begin an ordinary word with `<<`, write `\\<<`")
        } else if rest.len() <= 1 {
            // Caddy takes a marker on the very last line for nothing at all.
            return self.pass_inside(last);
        } else {
            Diagnostic::error(
                Code::HEREDOC,
                self.span(start, end),
                format!("this heredoc does not end: `{marker}` does not appear again"),
            )
            .help(format!("write `{marker}` on a separate line after the text"))
        };
        self.read.faults.push(fault);
        // A word in its place, so that what it belongs to does not miss it.
        let text = self.text()[start..end].into();
        self.push(self.line - self.joined, start, end, text, Quote::Heredoc);
        self.pass_inside(last);
    }
}
