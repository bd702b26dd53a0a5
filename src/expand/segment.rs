//! Reads the directives of a block: each with its line, and the block that it opens.

use super::block::Segment;
use super::reader::Reader;
use crate::diagnostics::{Code, Diagnostic};
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
            segments.extend(self.directive());
        }
        // Caddy looks only whether the last word of the file happens to be a brace.
        if has_braces && !closed && !self.stream.current().is_some_and(Word::closes) {
            let at = self.stream.current().cloned().unwrap_or_else(|| opened_by.clone());
            self.report(
                &at,
                Diagnostic::error(Code::BRACES, at.span, "the file ends before this block does")
                    .label("last word of the file")
                    .also(opened_by.span, "this block is still open")
                    .help("add the missing `}`"),
            );
        }
        segments
    }

    /// Reads one directive: its line, and the block that it opens. One whose braces are at fault is left out, so that
    /// it brings no further faults.
    fn directive(&mut self) -> Option<Segment> {
        let faults = self.errors;
        let mut segment: Segment = self.stream.current().cloned().into_iter().collect();
        let mut depth = 0usize;
        while self.stream.advance() {
            let Some(word) = self.stream.current().cloned() else { break };
            if word.opens() {
                depth += 1;
                if !self.stream.ends_line() {
                    self.text_after_brace(&word);
                } else if self.stream.begins_line() {
                    let before = segment.last().map_or(word.span, |w| w.span);
                    self.report(
                        &word,
                        Diagnostic::error(
                            Code::BRACES,
                            word.span,
                            "the `{` of a directive must stand on the directive's own line",
                        )
                        .also(before, "at the end of this line")
                        .help("move the `{` to the end of the line above"),
                    );
                }
            } else if word.text == "{}" && !word.is_quoted() {
                if self.stream.ends_line() {
                    self.report(
                        &word,
                        Diagnostic::error(Code::BRACES, word.span, "`{}` cannot stand at the end of a line")
                            .help("leave it out, or put `{` here and `}` on a line of its own")
                            .edit(word.span, "", true),
                    );
                }
            } else if depth == 0 && self.stream.begins_line() {
                self.stream.step_back();
                break;
            } else if word.closes() {
                if depth == 0 {
                    self.report(
                        &word,
                        Diagnostic::error(Code::BRACES, word.span, "this `}` closes nothing on its line")
                            .help(
                                "put it on a line of its own if it closes the block above, or take it away",
                            ),
                    );
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
            let first = segment[0].clone();
            self.report(
                &first,
                Diagnostic::error(
                    Code::BRACES,
                    first.span,
                    "the file ends inside the block of this directive",
                )
                .help("add the missing `}`"),
            );
        }
        // Exactly as long as it is: there are as many as lines in the file.
        segment.shrink_to_fit();
        (self.errors == faults).then_some(segment)
    }

    fn text_after_brace(&mut self, brace: &Word) {
        let closes = self.stream.peek().is_some_and(Word::closes);
        let fault = Diagnostic::error(Code::BRACES, brace.span, "nothing may follow a `{` on its line");
        let fault = if closes {
            fault.help("leave the empty block out")
        } else {
            fault.help("put what follows on a line of its own, and the closing `}` too")
        };
        self.report(brace, fault);
    }
}
