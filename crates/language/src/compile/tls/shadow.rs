//! Which policies cover the names of which others, without comparing each with each.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

use super::policy::Policy;
use super::subject::{Subject, lower, wildcards};

/// A name, in lower case, or a wildcard, as a number.
type NameId = u32;

/// The names of one policy, as places among the names of all.
#[derive(Clone, Debug, Default)]
pub(super) struct Cover {
    own: Range<u32>,
    /// Those that it has from others.
    added: ThinVec<u32>,
}

impl Cover {
    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.own.len() + self.added.len()
    }

    /// The places of its names.
    fn places(&self) -> impl Iterator<Item = usize> {
        self.own.clone().chain(self.added.iter().copied()).map(|place| place as usize)
    }

    /// Adds the name at `index` of `other` to what must be covered. It does not cover anything itself: that is asked of
    /// later policies only.
    pub(super) fn add(&mut self, other: &Self, index: usize) {
        let own = other.own.len();
        let place = if index < own {
            Some(other.own.start + short(index))
        } else {
            other.added.get(index - own).copied()
        };
        self.added.extend(place);
    }

    fn range(&self) -> Range<usize> {
        self.own.start as usize..self.own.end as usize
    }
}

/// The names of all policies, in their order, and the wildcards that cover each. All are numbers, in few pieces of memory.
pub(super) struct Names {
    ids: Vec<NameId>,
    /// The same, but those of each policy sorted.
    sorted: Vec<NameId>,
    /// Where the wildcards of each name end; none have any if it is empty.
    ends: Vec<usize>,
    wildcards: Vec<NameId>,
    are_distinct: bool,
}

impl Names {
    /// Those of `policies`, and which of them each policy has.
    pub(super) fn of(policies: &[Policy]) -> (Self, Vec<Cover>) {
        let count = policies.iter().map(|policy| policy.subjects.len()).sum();
        let mut known: FxHashMap<Cow<str>, NameId> = FxHashMap::default();
        known.reserve(count);
        let mut ids = Vec::with_capacity(count);
        let mut sorted = Vec::with_capacity(count);
        let mut covers = Vec::with_capacity(policies.len());
        let mut stars = 0;
        for policy in policies {
            let start = ids.len();
            for Subject { name, .. } in &policy.subjects {
                let next = short(known.len());
                ids.push(*known.entry(lower(name)).or_insert(next));
                stars = stars.max(name.bytes().filter(|byte| *byte == b'*').count());
            }
            sorted.extend_from_slice(&ids[start..]);
            sorted[start..].sort_unstable();
            covers.push(Cover { own: short(start)..short(ids.len()), added: ThinVec::new() });
        }
        let are_distinct = known.len() == count;
        let mut names = Self { ids, sorted, ends: Vec::new(), wildcards: Vec::new(), are_distinct };
        // Only the names of policies can cover anything.
        if stars > 0 {
            names.ends.reserve_exact(count);
            let mut room = String::new();
            let subjects = policies.iter().flat_map(|policy| &policy.subjects);
            for (id, subject) in names.ids.iter().zip(subjects) {
                wildcards(&lower(&subject.name), stars, &mut room, |name| {
                    names.wildcards.extend(known.get(name).copied().filter(|wildcard| wildcard != id));
                });
                names.ends.push(names.wildcards.len());
            }
        }
        (names, covers)
    }

    /// Whether a name of `cover` covers another name.
    fn has_wildcards(&self, cover: &Cover) -> bool {
        !self.wildcards.is_empty()
            && self.sorted[cover.range()].iter().any(|name| self.wildcards.contains(name))
    }

    /// Whether no name is there twice.
    pub(super) fn are_distinct(&self) -> bool {
        self.are_distinct
    }

    /// The name at `place`, and what else covers it.
    fn covering(&self, place: usize) -> impl Iterator<Item = NameId> {
        let start =
            place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(place).copied().unwrap_or_default();
        std::iter::once(self.ids[place]).chain(self.wildcards[start..end].iter().copied())
    }

    /// Whether the name `id` is one of a policy's own.
    fn has(&self, cover: &Cover, id: NameId) -> bool {
        self.sorted[cover.range()].binary_search(&id).is_ok()
    }

    /// Whether every name of `cover` is covered by one of `other`. A policy without names covers all.
    pub(super) fn are_within(&self, cover: &Cover, other: &Cover) -> bool {
        other.own.is_empty()
            || (cover.len() > 0
                && cover.places().all(|place| self.covering(place).any(|name| self.has(other, name))))
    }
}

/// There are fewer names than bytes in a text, and those have short places.
fn short(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A name, and the place of a policy that has it.
type Entry = (NameId, u32);

/// Finds the next policy that covers one, among policies in order.
pub(super) struct Shadows {
    names: Names,
    /// Each name with the places of the policies that have it, in order.
    by_name: Vec<Entry>,
    /// The places of the policies without names, under a name that says nothing.
    nameless: Vec<Entry>,
}

/// So many names of a policy are looked at for the one that the fewest others cover.
const NAMES: usize = 8;

impl Shadows {
    pub(super) fn new(names: Names, covers: &[Cover]) -> Self {
        let mut by_name = Vec::with_capacity(names.ids.len());
        let mut nameless = Vec::new();
        for (place, cover) in (0..).zip(covers) {
            if cover.own.is_empty() {
                nameless.push((0, place));
            }
            by_name.extend(names.ids[cover.range()].iter().map(|name| (*name, place)));
        }
        by_name.sort_unstable();
        by_name.dedup();
        Self { names, by_name, nameless }
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
        // Whoever covers all names covers any one of them. Some names all policies may have.
        let of_name =
            |at: usize| self.names.covering(at).map(|name| self.later(name, place)).collect::<Vec<_>>();
        let few = cover.places().take(NAMES).map(of_name);
        let fewest = few.min_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let mut lists = fewest.unwrap_or_default();
        lists.push(&self.nameless[self.nameless.partition_point(|(_, other)| *other as usize <= place)..]);
        loop {
            let heads = lists.iter_mut().filter(|list| !list.is_empty());
            let list = heads.min_by_key(|list| list[0].1)?;
            let other = list[0].1 as usize;
            *list = &list[1..];
            if is_there(other) && self.names.are_within(cover, &covers[other]) {
                return Some(other);
            }
        }
    }

    /// Whether a policy behind `place` and before `other` that is still there has a name that covers one of `other`, or that
    /// one of `other` covers.
    pub(super) fn overlap_between(
        &self,
        place: usize,
        other: usize,
        covers: &[Cover],
        is_there: impl Fn(usize) -> bool,
    ) -> bool {
        let is_between = |(_, at): &Entry| (*at as usize) < other && is_there(*at as usize);
        let theirs = &covers[other];
        let covered = theirs
            .places()
            .any(|at| self.names.covering(at).any(|name| self.later(name, place).iter().any(is_between)));
        // Only wildcards cover other names.
        covered
            || (self.names.has_wildcards(theirs)
                && (place + 1..other).filter(|at| is_there(*at)).any(|at| {
                    let mut names = covers[at].places().flat_map(|name| self.names.covering(name));
                    names.any(|name| self.names.has(theirs, name))
                }))
    }

    /// The places behind `place` of the policies that have `name`, in order.
    fn later(&self, name: NameId, place: usize) -> &[Entry] {
        let from = self.by_name.partition_point(|(known, other)| (*known, *other as usize) <= (name, place));
        let later = &self.by_name[from..];
        &later[..later.partition_point(|(known, _)| *known == name)]
    }
}
