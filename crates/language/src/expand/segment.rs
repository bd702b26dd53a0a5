//! Reads the directives of a block: each with its line, and the block that it opens.

use super::block::Segment;
use super::reach::measure;
use super::reader::Reader;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::source::limits::grouped;
use crate::syntax::Word;

impl Reader<'_> {
    /// Reads directives up to the block's end.
    pub(super) fn directives(&mut self, has_braces: bool, opened_by: &Word) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut closed = false;
        while self.stream.advance() {
            let Some(word) = self.stream.current() else { break };
            if word.closes() {
                closed = true;
                break;
            }
            if word.text == "import" {
                self.import(1);
                continue;
            }
            segments.extend(self.directive(opened_by));
        }
        // Caddy looks only whether the last word of the file happens to be a brace.
        if has_braces && !closed && !self.stream.current().is_some_and(Word::closes) {
            self.ends_early(opened_by);
        }
        segments
    }

    /// Reports that the file ends inside the block of `opened_by`; a quote or a heredoc may have taken the rest of it.
    fn ends_early(&mut self, opened_by: &Word) {
        let last = self.stream.current().cloned().unwrap_or_else(|| opened_by.clone());
        if self.stream.is_broken() {
            return;
        }
        let mark = self.sources.text(last.span).chars().next().filter(|mark| matches!(mark, '"' | '`'));
        let fault = if let Some(mark) = mark.filter(|_| !last.is_quoted()) {
            let start = last.span.start as usize;
            let span = Span::new(last.span.file, start, start + mark.len_utf8());
            Diagnostic::error(Code::BRACES, span, format!("this `{mark}` is never closed"))
                .label("the rest of the file is one word")
                .help(format!("write `{mark}` where the word ends"))
        } else {
            Diagnostic::error(Code::BRACES, last.span, "the file ends before this block does")
                .label("last word of the file")
                .also(opened_by.span, "this block is still open")
                .help("add the missing `}`")
        };
        self.report(&last, fault);
    }

    /// Reads one directive: its line, and the block that it opens. One whose braces are at fault is left out, so that
    /// it brings no further faults.
    fn directive(&mut self, opened_by: &Word) -> Option<Segment> {
        let faults = self.errors;
        let mut segment: Segment = std::mem::take(&mut self.segment);
        segment.extend(self.stream.current().cloned());
        let (mut depth, mut deepest) = (0usize, 0);
        let most = self.budget.depth();
        while self.stream.advance() {
            let Some(word) = self.stream.current().cloned() else { break };
            if word.opens() {
                depth += 1;
                deepest = deepest.max(depth);
                // The site is a level, too.
                if depth == most {
                    self.too_deep(&word);
                }
                if !self.stream.ends_line() {
                    self.text_after_brace(&word);
                } else if self.stream.begins_line() {
                    let before = segment.last().map_or(word.span, |w| w.span);
                    self.report(
                        &word,
                        Diagnostic::error(
                            Code::BRACES,
                            word.span,
                            "the `{` of a directive must be on the line of the directive",
                        )
                        .also(before, "at the end of this line")
                        .help("move the `{` to the end of the line above"),
                    );
                }
            } else if word.text == "{}" && !word.is_quoted() {
                if self.stream.ends_line() {
                    self.report(
                        &word,
                        Diagnostic::error(
                            Code::BRACES,
                            word.span,
                            "`{}` is not allowed at the end of a line",
                        )
                        .help("remove it, or put `{` here and `}` on a separate line")
                        .edit(word.span, "", true),
                    );
                }
            } else if depth == 0 && self.stream.begins_line() {
                self.stream.step_back();
                break;
            } else if word.closes() {
                if depth == 0 {
                    self.closes_nothing(&word, opened_by);
                    continue;
                }
                depth -= 1;
            } else if word.text == "import" && self.stream.begins_line() {
                self.import(1);
                continue;
            }
            segment.push(word);
        }
        if depth > 0 {
            self.ends_early(&segment[0].clone());
        }
        // Exactly as long as it is: there are as many as lines in the file.
        let mut exact = Segment::with_capacity(segment.len());
        exact.append(&mut segment);
        self.segment = segment;
        // Only what lies in another block is passed over.
        if deepest > 1 {
            measure(&mut exact);
        }
        (self.errors == faults).then_some(exact)
    }

    /// A `}` at the end of a directive's line.
    fn closes_nothing(&mut self, brace: &Word, opened_by: &Word) {
        let same_line = !opened_by.ends_line_before(brace);
        let fault = if same_line {
            Diagnostic::error(Code::BRACES, brace.span, "a block cannot open and close on one line")
                .also(opened_by.span, "opened on this line")
                .help("put each directive, and the closing `}`, on a separate line")
        } else {
            Diagnostic::error(Code::BRACES, brace.span, "this `}` closes nothing on its line")
                .help("put it on a separate line if it closes the block above, or remove it")
        };
        self.report(brace, fault);
    }

    /// Reports that `brace` opens a block inside of too many others.
    fn too_deep(&mut self, brace: &Word) {
        let most = grouped(self.budget.depth());
        self.report(
            brace,
            Diagnostic::error(
                Code::BRACES,
                brace.span,
                format!("blocks are nested deeper than {most} levels"),
            )
            .label("this block is too deep")
            .help("look for a block that is never closed, or move inner blocks to another site"),
        );
    }

    fn text_after_brace(&mut self, brace: &Word) {
        let closes = self.stream.peek().is_some_and(Word::closes);
        let fault = Diagnostic::error(Code::BRACES, brace.span, "nothing may follow a `{` on its line");
        let fault = if closes {
            fault.help("remove the empty block")
        } else {
            fault.help("put the text after it on a separate line, and the closing `}` too")
        };
        self.report(brace, fault);
    }
}
