//! Reads the directives of a block: each with its line, and the block that it opens.

use super::block::Segment;
use super::reach::measure;
use super::reader::Reader;
use crate::diagnostics::braces;
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
        if has_braces && !closed {
            if self.stream.current().is_some_and(Word::closes) {
                self.ends_open = true;
            } else {
                self.ends_early(opened_by);
            }
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
            braces::unclosed_quote(span, mark)
        } else {
            braces::unclosed(last.span, opened_by.span)
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
                    self.report(&word, braces::on_next_line(word.span, before));
                }
            } else if word.text == "{}" && !word.is_quoted() {
                if self.stream.ends_line() {
                    self.report(&word, braces::empty_pair(word.span));
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
            braces::one_line(brace.span, opened_by.span)
        } else {
            braces::closes_nothing(brace.span)
        };
        self.report(brace, fault);
    }

    /// Reports that `brace` opens a block inside of too many others.
    fn too_deep(&mut self, brace: &Word) {
        let most = grouped(self.budget.depth());
        self.report(brace, braces::too_deep(brace.span, &most));
    }

    fn text_after_brace(&mut self, brace: &Word) {
        let closes = self.stream.peek().is_some_and(Word::closes);
        self.report(brace, braces::text_after(brace.span, closes));
    }
}
