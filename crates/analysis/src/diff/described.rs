//! Handlers and matchers of a side in words, with the names of variables where their values stand.

use std::collections::HashMap;

use super::report::Place;
use super::side::Side;
use super::units::Units;
use crate::routes::flat::Flat;
use crate::routes::handler;
use crate::routes::veil::Veil;
use caddyctl_language::source::variables::Variables;

/// Words that are looked for together in a sentence.
const LONGEST: usize = 40;

/// What the words of a side are shown as.
#[derive(Default)]
pub(crate) struct Described {
    /// By the words, and where they are written.
    at: HashMap<(String, String, usize), String>,
    /// By the words alone, where that is one thing.
    any: HashMap<String, String>,
}

impl Described {
    /// Those of `side`.
    pub(crate) fn of(side: &Side, units: &Units, variables: &Variables) -> Self {
        let mut all = Self::default();
        if variables.is_empty() {
            return all;
        }
        let veil = Veil { sources: &side.sources, variables };
        for (server, range) in &units.servers {
            let flat = Flat::new(server, units.entries_of(range), &units.effort);
            for row in &flat.rows {
                let shown = veil.row(side.tree(), &flat, row);
                let place = veil.place(side.tree(), &row.pointer);
                let (matchers, described) = (flat.matchers(row), handler::describe(row.handler));
                let what = if shown.what.is_empty() {
                    row.directive().to_owned()
                } else {
                    format!("{} {}", row.directive(), shown.what)
                };
                all.add(format!("{matchers} {described}"), format!("{} {what}", shown.matchers), None);
                all.add(matchers, shown.matchers, place);
                all.add(described, what, place);
            }
        }
        all
    }

    fn add(&mut self, text: String, shown: String, place: Option<(&str, usize)>) {
        if let Some((file, line)) = place {
            self.at.entry((text.clone(), file.to_owned(), line)).or_insert_with(|| shown.clone());
        }
        if text != shown {
            self.any.entry(text).or_insert(shown);
        }
    }

    /// What these words are shown as where they are written at `place`.
    pub(crate) fn at(&self, text: &str, place: &Place) -> Option<&str> {
        self.at.get(&(text.to_owned(), place.file.clone(), place.line)).map(String::as_str)
    }

    /// A sentence with all such words in it as they are shown, the longest first.
    pub(crate) fn within(&self, text: &str) -> String {
        if self.any.is_empty() {
            return text.to_owned();
        }
        let starts: Vec<usize> =
            std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).collect();
        let end_of = |word: usize| starts.get(word + 1).map_or(text.len(), |next| next - 1);
        let mut out = String::with_capacity(text.len());
        let mut word = 0;
        while word < starts.len() {
            let start = starts[word];
            let last = (word + LONGEST).min(starts.len()) - 1;
            let found = (word..=last).rev().find_map(|last| {
                let whole = text.get(start..end_of(last))?;
                let ends = [whole, whole.trim_end_matches([',', ';', ':'])];
                ends.into_iter().find_map(|words| Some((last, words.len(), self.any.get(words)?)))
            });
            let next = found.as_ref().map_or(word, |(last, ..)| *last) + 1;
            let behind = starts.get(next).copied().unwrap_or(text.len());
            match found {
                Some((_, length, shown)) => {
                    out += shown;
                    out += &text[start + length..behind];
                }
                None => out += &text[start..behind],
            }
            word = next;
        }
        out
    }
}
