//! Which policies cover the names of which others, without comparing each with each.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::policy::Policy;
use super::subject::{covering, lower};

/// A name, in lower case, or a wildcard, as a number.
type NameId = u32;

/// The names of one policy, and the names that would cover each of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Cover {
    /// Each name with those that cover it, itself first.
    subjects: Vec<Vec<NameId>>,
    /// The names, sorted.
    own: Vec<NameId>,
}

impl Cover {
    /// Whether every name of this policy is covered by `other`. A policy without names covers all.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        if other.own.is_empty() {
            return true;
        }
        let covered = |names: &Vec<NameId>| names.iter().any(|name| other.own.binary_search(name).is_ok());
        !self.subjects.is_empty() && self.subjects.iter().all(covered)
    }

    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Adds the name at `index` of `other` to what must be covered. It does not cover anything itself: that is asked of
    /// later policies only.
    pub(super) fn add(&mut self, other: &Self, index: usize) {
        self.subjects.extend(other.subjects.get(index).cloned());
    }
}

/// Numbers for the names of all policies. No other name can cover anything.
#[derive(Debug, Default)]
pub(super) struct Names<'p> {
    ids: FxHashMap<Cow<'p, str>, NameId>,
    /// How many names there are, doubles too.
    count: usize,
    /// The most stars that a name has.
    stars: usize,
}

impl<'p> Names<'p> {
    /// The names of `policies`.
    pub(super) fn of(policies: &'p [Policy]) -> Self {
        let mut names = Self::default();
        names.ids.reserve(policies.len());
        for subject in policies.iter().flat_map(|policy| &policy.subjects) {
            let next = u32::try_from(names.ids.len()).unwrap_or(u32::MAX);
            names.ids.entry(lower(subject)).or_insert(next);
            names.count += 1;
            names.stars = names.stars.max(memchr::memchr_iter(b'*', subject.as_bytes()).count());
        }
        names
    }

    /// Whether no name is there twice.
    pub(super) fn are_distinct(&self) -> bool {
        self.ids.len() == self.count
    }

    /// What the names of `policy` are covered by.
    pub(super) fn cover(&self, policy: &Policy) -> Cover {
        let subjects: Vec<Vec<NameId>> =
            policy.subjects.iter().map(|subject| self.covering(subject)).collect();
        let mut own: Vec<NameId> = subjects.iter().filter_map(|names| names.first().copied()).collect();
        own.sort_unstable();
        own.dedup();
        Cover { subjects, own }
    }

    /// The names that cover `subject`, itself first.
    fn covering(&self, subject: &str) -> Vec<NameId> {
        let mut ids = Vec::with_capacity(1);
        covering(subject, self.stars, |name| ids.extend(self.ids.get(name)));
        ids
    }
}

/// Finds the next policy that covers one, among policies in order.
pub(super) struct Shadows {
    /// Each name with the places of the policies that have it, in order.
    by_name: Vec<(NameId, u32)>,
    /// The places of the policies without names.
    nameless: Vec<u32>,
}

impl Shadows {
    pub(super) fn new(covers: &[Cover]) -> Self {
        let mut by_name = Vec::with_capacity(covers.len());
        let mut nameless = Vec::new();
        for (place, cover) in (0..).zip(covers) {
            if cover.own.is_empty() {
                nameless.push(place);
            }
            by_name.extend(cover.own.iter().map(|name| (*name, place)));
        }
        by_name.sort_unstable();
        Self { by_name, nameless }
    }

    /// The first place behind `place` whose policy is still there and covers `cover`.
    pub(super) fn next(
        &self,
        place: usize,
        cover: &Cover,
        covers: &[Cover],
        is_there: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let is_later = |other: &u32| *other as usize > place;
        let mut candidates: Vec<u32> = self.nameless.iter().copied().filter(is_later).collect();
        // Whoever covers all names covers the first one.
        for name in cover.subjects.first().into_iter().flatten() {
            let from =
                self.by_name.partition_point(|(known, other)| (known, *other as usize) <= (name, place));
            let same = self.by_name[from..].iter().take_while(|(known, _)| known == name);
            candidates.extend(same.map(|(_, other)| *other));
        }
        candidates.sort_unstable();
        let mut candidates = candidates.into_iter().map(|other| other as usize);
        candidates.find(|other| is_there(*other) && cover.is_within(&covers[*other]))
    }
}
