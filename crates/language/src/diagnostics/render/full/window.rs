//! The lines around some places, so that drawing costs as much as what is shown and not as the file is long.

use std::ops::Range;

use annotate_snippets::{Origin, Snippet};

use crate::diagnostics::render::place::Place;
use crate::source::SourceFile;
use crate::source::shown::{self, Excerpt};

/// A single line of more bytes is named and not drawn: a file of one line and thousands of faults would take hours.
const LONG: usize = 10_000;

/// Places on several lines with more bytes than this between them are shown apart from each other.
const FAR: usize = 4_000;

/// The indices of `places`, those together that are not far from each other; the one of the first place comes first. All lie
/// in one file.
pub(crate) fn together(places: &[Place]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|index| places[*index].range.start);
    let mut end = 0;
    let mut all: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let range = &places[index].range;
        let is_near =
            || range.start <= end + FAR || !places[index].file.text()[end..range.start].contains('\n');
        match all.last_mut().filter(|_| is_near()) {
            Some(last) => last.push(index),
            None => all.push(vec![index]),
        }
        end = end.max(range.end);
    }
    for some in &mut all {
        some.sort_unstable();
    }
    let first = all.iter().position(|some| some.contains(&0)).unwrap_or(0);
    all[..=first].rotate_right(1);
    all
}

/// Whole lines of one file.
pub(crate) struct Window<'a> {
    file: &'a SourceFile,
    range: Range<usize>,
    /// The line that the window begins with.
    line: usize,
    /// What is shown; a line that is too long is not.
    excerpt: Excerpt<'a>,
}

impl<'a> Window<'a> {
    /// The lines from the first of `places` to the last. All lie in one file, and there is at least one.
    pub(crate) fn around(places: &[&Place<'a>]) -> Self {
        let file = places[0].file;
        let text = file.text();
        let start = places.iter().map(|place| place.range.start).min().unwrap_or(0);
        let end = places.iter().map(|place| place.range.end).max().unwrap_or(0);
        let start_of_line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let end_of_line = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        let line = places.iter().map(|place| place.start.line).min().unwrap_or(1);
        let range = start_of_line..end_of_line;
        let shown =
            if is_long(&text[range.clone()]) { "".into() } else { file.secrets().cover(text, range.clone()) };
        Self { file, range, line, excerpt: Excerpt::new(shown) }
    }

    /// Whether it is one line that is too long to draw.
    pub(crate) fn is_long(&self) -> bool {
        is_long(&self.file.text()[self.range.clone()])
    }

    /// A range of the file as a range of what is shown.
    pub(crate) fn inside(&self, range: &Range<usize>) -> Range<usize> {
        self.excerpt.range(range.start - self.range.start..range.end - self.range.start)
    }

    /// The text, to be annotated or patched. Secrets in it are covered, and what is hidden in it is written out.
    pub(crate) fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.excerpt.text.clone()).path(shown::line(self.file.shown())).line_start(self.line)
    }

    /// Only the name of a place, for a line that is not drawn.
    pub(crate) fn origin(&self, place: &Place) -> Origin<'a> {
        Origin::path(shown::line(self.file.shown())).line(place.start.line).char_column(place.start.column)
    }
}

/// Whether `text` is one line that is too long to draw.
fn is_long(text: &str) -> bool {
    text.len() > LONG && !text.trim_end_matches('\n').contains('\n')
}
