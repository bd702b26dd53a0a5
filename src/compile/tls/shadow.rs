//! Which policies cover the names of which others, without comparing each with each.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

use super::policy::Policy;
use super::subject::{Subject, covering, lower};

/// A name, in lower case, or a wildcard, as a number.
type NameId = u32;

/// The names of one policy, and the names that would cover each of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Cover {
    subjects: Vec<Covered>,
    /// The names, sorted, if they are not so among the subjects.
    sorted: ThinVec<NameId>,
    /// How many of the subjects are its own: the first ones.
    own: usize,
}

/// A name, and the wildcards that cover it.
#[derive(Clone, Debug)]
struct Covered {
    name: NameId,
    wildcards: ThinVec<NameId>,
}

impl Covered {
    /// Itself, and what else covers it.
    fn by(&self) -> impl Iterator<Item = NameId> {
        std::iter::once(self.name).chain(self.wildcards.iter().copied())
    }
}

impl Cover {
    fn of(subjects: Vec<Covered>) -> Self {
        let mut sorted = ThinVec::new();
        if !subjects.is_sorted_by_key(|subject| subject.name) {
            sorted.extend(subjects.iter().map(|subject| subject.name));
            sorted.sort_unstable();
        }
        Self { own: subjects.len(), subjects, sorted }
    }

    /// Its own names, in no order.
    fn own(&self) -> impl Iterator<Item = NameId> {
        self.subjects[..self.own].iter().map(|subject| subject.name)
    }

    /// Whether the name `id` is its own.
    fn has(&self, id: NameId) -> bool {
        if self.sorted.is_empty() {
            self.subjects[..self.own].binary_search_by_key(&id, |subject| subject.name).is_ok()
        } else {
            self.sorted.binary_search(&id).is_ok()
        }
    }

    /// Whether every name of this policy is covered by `other`. A policy without names covers all.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        other.own == 0
            || (!self.subjects.is_empty()
                && self.subjects.iter().all(|subject| subject.by().any(|name| other.has(name))))
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

/// What the names of each policy are covered by, and whether no name is there twice.
pub(super) fn covers(policies: &[Policy]) -> (Vec<Cover>, bool) {
    // Only the names of policies can cover anything.
    let mut ids: FxHashMap<Cow<str>, NameId> = FxHashMap::default();
    ids.reserve(policies.iter().map(|policy| policy.subjects.len()).sum());
    let (mut count, mut stars) = (0, 0);
    let mut subjects: Vec<Vec<Covered>> = Vec::with_capacity(policies.len());
    for policy in policies {
        let mut names = Vec::with_capacity(policy.subjects.len());
        for Subject { name, .. } in &policy.subjects {
            let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            names.push(Covered { name: *ids.entry(lower(name)).or_insert(next), wildcards: ThinVec::new() });
            count += 1;
            stars = stars.max(name.bytes().filter(|byte| *byte == b'*').count());
        }
        subjects.push(names);
    }
    if stars > 0 {
        let all = policies.iter().flat_map(|policy| &policy.subjects);
        for (covered, subject) in subjects.iter_mut().flatten().zip(all) {
            covering(&subject.name, stars, |name| {
                covered.wildcards.extend(ids.get(name).copied().filter(|id| *id != covered.name));
            });
        }
    }
    (subjects.into_iter().map(Cover::of).collect(), ids.len() == count)
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
            if cover.own == 0 {
                nameless.push(place);
            }
            by_name.extend(cover.own().map(|name| (name, place)));
        }
        by_name.sort_unstable();
        by_name.dedup();
        Self { by_name, nameless }
    }

    /// Whether there is a policy without names.
    pub(super) fn has_nameless(&self) -> bool {
        !self.nameless.is_empty()
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
        for name in cover.subjects.first().into_iter().flat_map(Covered::by) {
            let is_earlier = |(known, other): &(NameId, u32)| (*known, *other as usize) <= (name, place);
            let later = &self.by_name[self.by_name.partition_point(is_earlier)..];
            let same = later.iter().take_while(|(known, _)| *known == name);
            candidates.extend(same.map(|(_, other)| *other));
        }
        candidates.sort_unstable();
        let mut candidates = candidates.into_iter().map(|other| other as usize);
        candidates.find(|other| is_there(*other) && cover.is_within(&covers[*other]))
    }
}
