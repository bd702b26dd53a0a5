//! Where a span stands, in lines and columns that exist.

use std::ops::Range;

use crate::source::{Position, SourceFile, Sources, Span};

/// A span that was fitted to its file.
pub struct Place<'a> {
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
    /// The place of `span`.
    pub fn of(sources: &'a Sources, span: Span) -> Self {
        let file = sources.file(span.file);
        let range = fit(file.text(), span.range());
        let (start, end) = (file.position(range.start), file.position(range.end));
        Self { file, range, start, end }
    }
}

/// `range` cut to the text and widened to whole characters.
fn fit(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    start..text.ceil_char_boundary(range.end).max(start)
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
}
