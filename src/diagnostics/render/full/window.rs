//! The lines around some places, so that drawing costs as much as what is shown and not as the file is long.

use std::ops::Range;

use annotate_snippets::{Origin, Snippet};

use crate::diagnostics::render::one_line;
use crate::diagnostics::render::place::Place;
use crate::source::{SourceFile, secrets};

/// A single line of more bytes is named and not drawn: a file of one line and thousands of faults would take hours.
const LONG: usize = 10_000;

/// Whole lines of one file.
pub struct Window<'a> {
    file: &'a SourceFile,
    range: Range<usize>,
    /// The line that the window begins with.
    line: usize,
}

impl<'a> Window<'a> {
    /// The lines from the first of `places` to the last. All lie in one file, and there is at least one.
    pub fn around(places: &[Place<'a>]) -> Self {
        let file = places[0].file;
        let text = file.text();
        let start = places.iter().map(|place| place.range.start).min().unwrap_or(0);
        let end = places.iter().map(|place| place.range.end).max().unwrap_or(0);
        let start_of_line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let end_of_line = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        let line = places.iter().map(|place| place.start.line).min().unwrap_or(1);
        Self { file, range: start_of_line..end_of_line, line }
    }

    /// Whether it is one line that is too long to draw.
    pub fn is_long(&self) -> bool {
        self.range.len() > LONG && !self.text().trim_end_matches('\n').contains('\n')
    }

    /// A range of the file as a range of the window's text.
    pub fn inside(&self, range: &Range<usize>) -> Range<usize> {
        range.start - self.range.start..range.end - self.range.start
    }

    /// The text, to be annotated or patched. Secrets in it are covered.
    pub fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(secrets::cover(&self.file.text()[..self.range.start], self.text()))
            .path(one_line(self.file.shown()))
            .line_start(self.line)
    }

    /// Only the name of a place, for a line that is not drawn.
    pub fn origin(&self, place: &Place) -> Origin<'a> {
        Origin::path(one_line(self.file.shown())).line(place.start.line).char_column(place.start.column)
    }

    fn text(&self) -> &'a str {
        &self.file.text()[self.range.clone()]
    }
}
