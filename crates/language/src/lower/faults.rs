//! The faults so far, in the order in which they were found.

use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostics::{Diagnostic, Repeats, Subject};
use crate::source::Span;

/// What is looked up: the code, and where.
type Place = (&'static str, Option<Span>);

/// Faults and warnings. A file may have as many as lines, so that none is looked for among all of them.
#[derive(Debug, Default)]
pub(super) struct Faults {
    all: Vec<Diagnostic>,
    repeats: Repeats,
    /// The first of them, by place.
    by_place: FxHashMap<Place, Vec<usize>>,
    /// How many of them are in `by_place`.
    sorted_in: usize,
}

impl Faults {
    pub(super) fn new(all: Vec<Diagnostic>) -> Self {
        Self { all, ..Self::default() }
    }

    /// Takes one more, unless imports have repeated it often enough.
    pub(super) fn push(&mut self, fault: Diagnostic) {
        self.all.extend(self.repeats.admit(fault));
    }

    pub(super) fn as_slice(&self) -> &[Diagnostic] {
        &self.all
    }

    pub(super) fn into_vec(self) -> Vec<Diagnostic> {
        self.all
    }

    /// Whether there is one at the same place that says the same.
    pub(super) fn has(&mut self, fault: &Diagnostic) -> bool {
        let place = |fault: &Diagnostic| (fault.code.id, fault.primary.as_ref().map(|label| label.span));
        for (index, known) in self.all.iter().enumerate().skip(self.sorted_in) {
            self.by_place.entry(place(known)).or_default().push(index);
        }
        self.sorted_in = self.all.len();
        let mut known = self.by_place.get(&place(fault)).into_iter().flatten().map(|index| &self.all[*index]);
        known.any(|known| (&known.primary, known.identity()) == (&fault.primary, fault.identity()))
    }
}

/// The matchers that are defined outside of all sites.
#[derive(Debug, Default)]
pub(super) struct Misplaced(FxHashSet<EcoString>);

impl Misplaced {
    /// Those that the faults of reading are about.
    pub(super) fn among(faults: &[Diagnostic]) -> Self {
        let name = |fault: &Diagnostic| match &fault.subject {
            Subject::MisplacedMatcher(name) => Some(name.clone()),
            _ => None,
        };
        Self(faults.iter().filter_map(name).collect())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
