//! Where a span stands, in lines and columns that exist.

use std::ops::Range;

use crate::source::{Position, SourceFile, Sources, Span};

/// A span that was fitted to its file.
pub(crate) struct Place<'a> {
    /// The file.
    pub file: &'a SourceFile,
    /// The bytes, inside the text and on character boundaries.
    pub range: Range<usize>,
    /// Where it starts.
    pub start: Position,
    /// Just after its last character.
    pub end: Position,
}

impl<'a> Place<'a> {
    /// The place of `span`, to be shown: without the line break at its end, and at the end of the last line when it
    /// stands after it.
    pub(crate) fn of(sources: &'a Sources, span: Span) -> Self {
        let file = sources.file(span.file);
        Self::at(file, visible(file.text(), fit(file.text(), span.range())))
    }

    /// The place of `span`, to be edited: every byte of it.
    pub(crate) fn exactly(sources: &'a Sources, span: Span) -> Self {
        let file = sources.file(span.file);
        Self::at(file, fit(file.text(), span.range()))
    }

    fn at(file: &'a SourceFile, range: Range<usize>) -> Self {
        let (start, end) = (file.position(range.start), file.position(range.end));
        Self { file, range, start, end }
    }
}

/// `range` cut to the text and widened to whole characters.
fn fit(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    start..text.ceil_char_boundary(range.end).max(start)
}

/// `range` without what cannot be seen: a line break at its end, and the nothing after the last line.
fn visible(text: &str, range: Range<usize>) -> Range<usize> {
    let bare = |text: &str| text.strip_suffix('\n').unwrap_or(text).trim_end_matches('\r').len();
    if range.is_empty() && range.end == text.len() {
        let end = bare(text);
        return end..end;
    }
    // The second half of a line break stands where the first does.
    let before = &text[..range.start];
    let is_break = text[range.start..].starts_with('\n');
    let start = if is_break { before.trim_end_matches('\r').len() } else { range.start };
    start..bare(&text[..range.end]).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_fitted_to_the_text() {
        assert_eq!(fit("aé", 2..2), 1..3);
        assert_eq!(fit("ab", 1..9), 1..2);
        assert_eq!(fit("ab", 7..9), 2..2);
        assert_eq!(fit("", 0..1), 0..0);
        #[allow(clippy::reversed_empty_ranges)]
        let backwards = 3..1;
        assert_eq!(fit("abc", backwards), 3..3);
    }

    #[test]
    fn line_breaks_are_not_shown() {
        assert_eq!(visible("ab\r\n", 0..4), 0..2);
        assert_eq!(visible("ab\r\nc", 2..3), 2..2);
        assert_eq!(visible("ab\r\nc", 3..4), 2..2);
        assert_eq!(visible("ab\n\nc", 3..4), 3..3);
        assert_eq!(visible("ab\ncd", 0..5), 0..5);
        assert_eq!(visible("ab\n", 3..3), 2..2);
        assert_eq!(visible("ab", 2..2), 2..2);
        assert_eq!(visible("", 0..0), 0..0);
    }
}
