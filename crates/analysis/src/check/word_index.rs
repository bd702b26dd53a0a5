//! Where each text stands among some words, so that a thousand findings in one directive are looked for in the time of
//! one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use caddyctl_language::source::Span;
use caddyctl_language::spec::Cursor;
use caddyctl_language::syntax::Word;

/// The words of a directive with its block, or the addresses of a site.
pub(super) struct WordIndex<'a> {
    pub(super) words: &'a [Word],
    /// The places of each text, in order; of braces and empty words none.
    places: HashMap<&'a str, Vec<usize>>,
    /// The first line that begins with a matcher's name, for each, but for the first line of all.
    definitions: HashMap<&'a str, usize>,
    /// Where the lines that were asked for end, with their blocks.
    ends: RefCell<HashMap<usize, usize>>,
}

impl<'a> WordIndex<'a> {
    pub(super) fn of(words: &'a [Word]) -> Self {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut definitions = HashMap::new();
        for (at, word) in words.iter().enumerate() {
            if word.opens() || word.closes() || word.text.is_empty() {
                continue;
            }
            places.entry(&word.text).or_default().push(at);
            if at > 0 && word.text.starts_with('@') && words[at - 1].ends_line_before(word) {
                definitions.entry(word.text.as_str()).or_insert(at);
            }
        }
        Self { words, places, definitions, ends: RefCell::default() }
    }

    /// All words.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.words.len()
    }

    /// The last word in `range` that says `text`.
    pub(super) fn last(&self, text: &str, range: &Range<usize>) -> Option<&'a Word> {
        let places = self.places.get(text)?;
        let before = places.partition_point(|at| *at < range.end);
        let at = *places[..before].last()?;
        (at >= range.start).then(|| &self.words[at])
    }

    /// The place of the first word in `range` that says `text`.
    fn first(&self, text: &str, range: &Range<usize>) -> Option<usize> {
        let places = self.places.get(text)?;
        let at = *places.get(places.partition_point(|at| *at < range.start))?;
        (at < range.end).then_some(at)
    }

    /// The definition of the matcher `name` inside this directive.
    pub(super) fn definition(&self, name: &str) -> Option<Range<usize>> {
        self.definitions.get(name).map(|at| self.line_and_block(*at))
    }

    /// The words of the directive that stands at `at`: its line and its block. They lie together, unless a brace in
    /// them counts for nothing; then what is behind it may be more than its own.
    pub(super) fn line_and_block(&self, at: usize) -> Range<usize> {
        let measure = || {
            let words = self.words.get(at..).unwrap_or_default();
            let mut cursor = Cursor::new(words);
            cursor.next();
            at + cursor.segment().len().min(words.len())
        };
        at..*self.ends.borrow_mut().entry(at).or_insert_with(measure)
    }

    /// From the first to the last argument of the line `kind` of the matcher's definition in `range`.
    pub(super) fn arguments(&self, kind: &str, range: &Range<usize>) -> Option<(Span, &'a Word)> {
        let at = self.first(kind, range)?;
        let line =
            self.words[at..range.end].windows(2).take_while(|pair| !pair[0].ends_line_before(&pair[1]));
        let length = line.count();
        let (first, last) = (&self.words[at + usize::from(length > 0)], &self.words[at + length]);
        if first.span.file != last.span.file || last.opens() {
            return Some((self.words[at].span, &self.words[at]));
        }
        Some((Span { end: last.span.end, ..first.span }, first))
    }
}
