//! Sorts automation policies from specific to general, takes out those that say nothing, and joins those that say the
//! same. The result is that of Caddy's pairwise comparisons; policies are looked up by their settings instead, so that
//! it takes no longer than the sorting.

use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::policy::Policy;
use super::shadow::{Cover, Names, Shadows};
use super::subject::Subject;
use crate::config::Module;
use crate::lower::sort::{arrange, stable_by};
use crate::version::{Change, Version};

/// The policies that remain of `policies`, and whether all names were distinct before.
pub(super) fn consolidate(mut policies: Vec<Policy>, version: Version) -> (Vec<Policy>, bool) {
    let (names, mut covers) = Names::of(&policies);
    let are_distinct = names.are_distinct();
    let mut order: Vec<usize> = (0..policies.len()).collect();
    // Two policies for the same names come before each other, so the sorting algorithm decides: it is Go's.
    stable_by(&mut order, &|a, b| {
        let (a, b) = (&covers[*a], &covers[*b]);
        names.are_within(a, b) || (!names.are_within(b, a) && a.len() > b.len())
    });
    arrange(&mut policies, order.clone());
    arrange(&mut covers, order);
    let mut list = List {
        there: vec![true; policies.len()],
        shadows: Shadows::new(names, &covers),
        classes: policies.iter().map(Class::of).collect(),
        policies,
        covers,
        are_distinct,
        version,
    };
    if list.remove_empty() {
        return (Vec::new(), are_distinct);
    }
    list.join();
    let List { policies, there, .. } = list;
    let remaining = policies.into_iter().zip(there).filter_map(|(policy, there)| there.then_some(policy));
    (remaining.collect(), are_distinct)
}

/// Policies in order, some of them taken out.
struct List {
    policies: Vec<Policy>,
    covers: Vec<Cover>,
    classes: Vec<Class>,
    there: Vec<bool>,
    /// The Caddy that reads the file.
    version: Version,
    shadows: Shadows,
    /// Whether no name is in two policies.
    are_distinct: bool,
}

impl List {
    /// The next policy that covers the names of the one at `place`.
    fn shadow(&self, place: usize) -> Option<usize> {
        self.shadows.next(place, &self.covers[place], &self.covers, |other| self.there[other])
    }

    /// Takes out policies that say nothing and stand before nothing that says something. Whether none says anything.
    fn remove_empty(&mut self) -> bool {
        let mut empty = 0;
        let shadow_decides = self.version.has(Change::EmptyPoliciesShadow);
        let sets_nothing = |policy: &Policy| policy.managers.is_empty() && policy.is_empty();
        for place in 0..self.policies.len() {
            if !sets_nothing(&self.policies[place]) {
                continue;
            }
            empty += 1;
            if !shadow_decides {
                // Automatic HTTPS finds internal names by itself.
                let policy = &self.policies[place];
                let is_public =
                    |subject: &Subject| subject.is_public(policy.on_demand) && !subject.kind.is_tailscale;
                self.there[place] = policy.subjects.iter().all(is_public);
                continue;
            }
            let is_last = place + 1 == self.policies.len();
            // The general policy that it is an exception to may have managers all the same: they serve what nobody
            // else does.
            if is_last || self.shadow(place).is_some_and(|shadow| self.policies[shadow].is_empty()) {
                self.there[place] = false;
            }
        }
        empty == self.policies.len()
    }

    /// Joins policies that say the same.
    fn join(&mut self) {
        let (mut known, mut modules) = (FxHashMap::default(), Modules::default());
        // Policies by their settings, and the number of each one's settings.
        let mut alike: Vec<Vec<usize>> = Vec::new();
        let mut settings = Vec::with_capacity(self.policies.len());
        for (place, policy) in self.policies.iter().enumerate() {
            let next = known.len();
            let number: usize =
                *known.entry(Settings::of(policy, &mut modules, self.version)).or_insert(next);
            settings.push(number);
            alike.resize_with(known.len(), Vec::new);
            if self.there[place] {
                alike[number].push(place);
            }
        }
        drop((known, modules));
        // In the order of the policies, since what has been taken out shadows nothing any more.
        for (place, settings) in settings.into_iter().enumerate() {
            if !self.there[place] {
                continue;
            }
            let places = &mut alike[settings];
            // What stands before has been through, and what has been taken out does not come back.
            places.retain(|other| *other > place && self.there[*other]);
            let later = places.clone();
            self.join_into(place, &later);
        }
    }

    /// Joins later policies with the same settings into the one at `place`, or takes that one out.
    fn join_into(&mut self, place: usize, later: &[usize]) {
        let mut known: Option<FxHashSet<EcoString>> = None;
        while self.scan(place, later, &mut known) {}
    }

    /// Compares the policy at `place` with later ones. Whether that has to begin again.
    fn scan(&mut self, place: usize, later: &[usize], known: &mut Option<FxHashSet<EcoString>>) -> bool {
        let mut passed_general = false;
        let mut changed = false;
        for &other in later {
            if !self.there[other] {
                continue;
            }
            if self.policies[place] == self.policies[other] {
                self.there[other] = false;
                // Caddy begins again here. The outcome differs only if the policy has changed since it last did.
                if changed {
                    return true;
                }
            } else if !self.same_issuers(place, other) {
            } else if !self.policies[place].subjects.is_empty() && self.policies[other].subjects.is_empty() {
                // A special case of the general policy is needless, unless something in between covers it too.
                if self.shadow(place).is_some_and(|shadow| shadow >= other) {
                    self.there[place] = false;
                    return false;
                }
                passed_general = true;
            } else if !(self.version.has(Change::MergeKeepsPrecedence) && self.merge_shadows(place, other)) {
                let before = self.classes[place];
                self.absorb(place, other, known);
                changed |= passed_general || before != self.classes[place];
            }
        }
        false
    }

    /// Whether a policy between the two has a name that overlaps with one of `other`: joined, they would take it over.
    fn merge_shadows(&self, place: usize, other: usize) -> bool {
        self.shadows.overlap_between(place, other, &self.covers, |between| self.there[between])
    }

    /// Adds the names of one policy to those of another, and takes it out.
    fn absorb(&mut self, place: usize, other: usize, known: &mut Option<FxHashSet<EcoString>>) {
        let subjects = std::mem::take(&mut self.policies[other].subjects);
        // Only a policy for every name is ever asked for what it covers.
        let from = self.shadows.has_nameless().then(|| std::mem::take(&mut self.covers[other]));
        let mut is_new = |subject: &Subject, mine: &[Subject]| {
            self.are_distinct
                || known
                    .get_or_insert_with(|| mine.iter().map(|subject| subject.name.clone()).collect())
                    .insert(subject.name.clone())
        };
        for (index, subject) in subjects.into_iter().enumerate() {
            if is_new(&subject, &self.policies[place].subjects) {
                self.policies[place].subjects.push(subject);
                if let Some(from) = &from {
                    self.covers[place].add(from, index);
                }
            }
        }
        self.classes[place] = self.classes[place].with(self.classes[other]);
        self.there[other] = false;
    }

    /// Whether the same issuers serve two policies. Without issuers, that depends on the names.
    fn same_issuers(&self, a: usize, b: usize) -> bool {
        let is_alike = self.policies[a].written == self.policies[b].written;
        if !self.version.has(Change::ImplicitIssuersApart) {
            return is_alike;
        }
        if is_alike {
            let (x, y) = (self.classes[a], self.classes[b]);
            return self.sets_issuers(a)
                || self.sets_issuers(b)
                || x.is_general()
                || y.is_general()
                || x == y;
        }
        self.is_internal(a) && self.is_internal(b)
    }

    fn sets_issuers(&self, place: usize) -> bool {
        !self.policies[place].written.is_empty() || !self.policies[place].issuers.is_empty()
    }

    /// Whether the internal issuer serves a policy though no site named it.
    fn is_internal(&self, place: usize) -> bool {
        let policy = &self.policies[place];
        if !self.sets_issuers(place) {
            return self.classes[place] == Class { public: false, internal: true };
        }
        policy.issuers.is_empty() && is_only_internal(&policy.written)
    }
}

/// Which kinds of names a policy has; neither, if it is for every name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Class {
    public: bool,
    internal: bool,
}

impl Class {
    fn of(policy: &Policy) -> Self {
        let mut class = Self { public: false, internal: false };
        for subject in &policy.subjects {
            let public = subject.is_public(policy.on_demand);
            class = class.with(Self { public, internal: !public });
        }
        class
    }

    fn with(self, other: Self) -> Self {
        Self { public: self.public || other.public, internal: self.internal || other.internal }
    }

    fn is_general(self) -> bool {
        !self.public && !self.internal
    }
}

/// What policies that could be joined have in common: everything but their names.
#[derive(PartialEq, Eq, Hash)]
struct Settings {
    issuers: ModuleIds,
    managers: ModuleIds,
    renewal_window_ratio: u64,
    key_type: EcoString,
    on_demand: bool,
    reuse_private_keys: bool,
}

impl Settings {
    fn of<'p>(policy: &'p Policy, modules: &mut Modules<'p>, version: Version) -> Self {
        // No issuer and the internal one may come to the same.
        let issuers =
            if is_only_internal(&policy.written) { [].as_slice() } else { policy.written.as_slice() };
        Self {
            issuers: ModuleIds::of(issuers.iter().map(|issuer| modules.number(issuer))),
            managers: if version.has(Change::ManagersDistinguish) {
                ModuleIds::of(policy.managers.iter().map(|manager| modules.number(manager)))
            } else {
                ModuleIds::None
            },
            renewal_window_ratio: policy.renewal_window_ratio.to_bits(),
            key_type: policy.key_type.clone(),
            on_demand: policy.on_demand,
            reuse_private_keys: policy.reuse_private_keys,
        }
    }
}

/// A module as a number.
type ModuleId = usize;

/// Some modules. A lone one is compared without looking for it elsewhere in memory.
#[derive(PartialEq, Eq, Hash)]
enum ModuleIds {
    None,
    One(ModuleId),
    Several(Box<[ModuleId]>),
}

impl ModuleIds {
    fn of(mut ids: impl ExactSizeIterator<Item = ModuleId>) -> Self {
        match ids.len() {
            0 => Self::None,
            1 => ids.next().map_or(Self::None, Self::One),
            _ => Self::Several(ids.collect()),
        }
    }
}

/// Numbers for modules, one for all that are written the same.
#[derive(Default)]
struct Modules<'p>(FxHashMap<&'p Module, ModuleId>);

impl<'p> Modules<'p> {
    fn number(&mut self, module: &'p Module) -> ModuleId {
        let next = self.0.len();
        *self.0.entry(module).or_insert(next)
    }
}

fn is_only_internal(issuers: &[Arc<Module>]) -> bool {
    matches!(issuers, [only] if only.len() == 1 && only.get("module").is_some_and(|name| name == "internal"))
}
