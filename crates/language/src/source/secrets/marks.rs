//! Where secrets stand in the text of a Caddyfile: by the directive that a word belongs to, by the name before it, by what
//! it looks like.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::{Block, opened};
use super::lines::{self, Kind, Line};
use super::names::Strength;
use super::pairs::pairs_of_words;
use super::words::{Which, which};
use super::{HIDDEN, shapes, within};

/// The secrets of a text: ranges of bytes in order, none of them with a line break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<Range<usize>>);

impl Marks {
    /// Those of `text`.
    pub fn of(text: &str) -> Self {
        let mut found = Vec::new();
        within::keys(text, &mut found);
        let mut around: Vec<Block> = Vec::new();
        for line in lines::lines(text) {
            mark(text, &line, &mut around, &mut found);
        }
        let mut single = Vec::with_capacity(found.len());
        for range in within::merged(found) {
            let mut start = range.start;
            for line in text[range].split_inclusive('\n') {
                let end = start + line.trim_end_matches(['\r', '\n']).len();
                let first = start + (line.len() - line.trim_start().len());
                if first < end {
                    single.push(first..end);
                }
                start += line.len();
            }
        }
        Self(single)
    }

    /// The secrets, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Range<usize>> {
        self.0.iter()
    }

    /// Those that touch `range`.
    pub(crate) fn at(&self, range: &Range<usize>) -> &[Range<usize>] {
        let first = self.0.partition_point(|mark| mark.end <= range.start);
        let end = self.0.partition_point(|mark| mark.start < range.end);
        self.0.get(first..end.max(first)).unwrap_or_default()
    }

    /// `range` of `text` with each secret replaced.
    pub(crate) fn replace<'t>(
        &self,
        text: &'t str,
        range: Range<usize>,
        with: &dyn Fn(usize) -> String,
    ) -> Cow<'t, str> {
        let marks = self.at(&range);
        if marks.is_empty() {
            return Cow::Borrowed(&text[range]);
        }
        let mut out = String::with_capacity(range.len());
        let mut at = range.start;
        for mark in marks {
            let (start, end) = (mark.start.max(range.start), mark.end.min(range.end));
            out.push_str(&text[at..start]);
            out.push_str(&with(end - start));
            at = end;
        }
        out.push_str(&text[at..range.end]);
        Cow::Owned(out)
    }

    /// `range` of `text` with stars over secrets, so that every byte keeps its place.
    pub fn cover<'t>(&self, text: &'t str, range: Range<usize>) -> Cow<'t, str> {
        self.replace(text, range, &|length| "*".repeat(length))
    }

    /// `range` of `text` without its secrets.
    pub(crate) fn hide<'t>(&self, text: &'t str, range: Range<usize>) -> Cow<'t, str> {
        self.replace(text, range, &|_| HIDDEN.to_owned())
    }
}

/// A line of a Caddyfile without its secrets, as far as the line itself shows them.
pub fn hide_line(line: &str) -> String {
    Marks::of(line).hide(line, 0..line.len()).into_owned()
}

/// The lines of a Caddyfile without their secrets and without line breaks.
pub fn hide_lines(text: &str) -> Vec<String> {
    let marks = Marks::of(text);
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.strip_suffix('\n').unwrap_or(line).len();
            start += line.len();
            marks.hide(text, range).into_owned()
        })
        .collect()
}

fn mark(text: &str, line: &Line, around: &mut Vec<Block>, found: &mut Vec<Range<usize>>) {
    let words: Vec<&str> = line.words.iter().map(|word| &text[word.inner()]).collect();
    if !line.is_comment && words.first() == Some(&"}") {
        around.pop();
    }
    let which = which(&words, line, around);
    for (number, word) in line.words.iter().enumerate() {
        let inner = &text[word.inner()];
        let from = match which {
            Which::From(first, strength) => Some((first, strength)),
            Which::First(_) if number == 0 => Some((0, Strength::Strong)),
            Which::First(others) => others.map(|first| (first, Strength::Strong)),
            Which::Cookies(_) | Which::None => None,
        };
        match (which, from) {
            (_, Some((first, strength))) if number >= first && !shapes::is_harmless(inner, strength) => {
                match default_of(inner) {
                    // Of a variable with a default, only the latter stands here.
                    Some(default) if shapes::is_harmless(default, strength) => {}
                    Some(default) => {
                        let end = word.inner().end - 1;
                        found.push(end - default.len()..end);
                    }
                    None if word.kind == Kind::Heredoc => found.push(body(text, word)),
                    None => found.push(word.range.clone()),
                }
                continue;
            }
            (Which::Cookies(first), _) if number >= first => {
                let start = word.inner().start;
                found.extend(within::cookies(inner).into_iter().map(|r| start + r.start..start + r.end));
            }
            _ => {}
        }
        let start = word.inner().start;
        found.extend(within::within(inner).into_iter().map(|r| start + r.start..start + r.end));
    }
    if let [first, .., last] = line.words.as_slice() {
        pairs_of_words(line, &words, found);
        let (start, whole) = (first.range.start, &text[first.range.start..last.range.end]);
        let mut compared = Vec::new();
        within::comparisons(whole, &mut compared);
        found.extend(compared.into_iter().map(|r| start + r.start..start + r.end));
    }
    if !line.is_comment && words.last() == Some(&"{") {
        let within = around.last().map(|block| block.within).unwrap_or_default();
        around.push(opened(&words, within));
    }
}

/// The default of `{$NAME:default}`, where that is the whole word.
fn default_of(word: &str) -> Option<&str> {
    let (_, default) = word.strip_prefix("{$")?.strip_suffix('}')?.split_once(':')?;
    (!default.contains('}')).then_some(default)
}

/// The lines of a heredoc between its markers.
fn body(text: &str, word: &lines::Word) -> Range<usize> {
    let inside = &text[word.range.clone()];
    let start = inside.find('\n').map_or(0, |at| at + 1);
    let end = inside.rfind('\n').map_or(inside.len(), |at| at + 1);
    word.range.start + start..word.range.start + end.max(start)
}
