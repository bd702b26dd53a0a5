//! Joins connection policies: those without names come last, doubles go, neighbours that differ only in their names
//! become one, and those with the same names are merged. The result is that of Caddy's comparison of each with each;
//! equal names are looked up instead.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Policies, PolicyId};
use crate::config::ConnectionPolicy;
use crate::diagnostics::Code;
use crate::spec::{Fault, Parsed};
use crate::version::{Change, Version};

/// The policies that remain of `order`; an error where two contradict.
pub(super) fn consolidate(
    policies: &mut Policies,
    mut order: Vec<PolicyId>,
    version: Version,
) -> Parsed<Vec<PolicyId>> {
    order.sort_by_key(|id| policies.all[*id].names.is_none());
    let mut list = List::new(policies, order, version);
    let mut place = 0;
    while place < list.order.len() {
        let Some(other) = list.partner(place) else {
            place = list.after(place);
            continue;
        };
        list.join(place, other)?;
        // Taking out an earlier one moves this one up, and Caddy goes on behind it.
        if other < place {
            place = list.after(place);
        }
    }
    Ok(list.remaining())
}

struct List<'p> {
    policies: &'p mut Policies,
    order: Vec<PolicyId>,
    /// What comes after each place, once those between have been taken out.
    after: Vec<usize>,
    before: Vec<usize>,
    gone: Vec<bool>,
    /// Of the names at each place. Names that are appended go into the same hasher.
    hashers: Vec<DefaultHasher>,
    /// Places by the hash of their names.
    by_names: HashMap<u64, BTreeSet<usize>>,
    /// Whether client authentication is filled in like other settings.
    merges_client_auth: bool,
    /// Whether neighbours that differ only in their names are joined.
    neighbours_join: bool,
}

impl<'p> List<'p> {
    fn new(policies: &'p mut Policies, order: Vec<PolicyId>, version: Version) -> Self {
        let mut hashers = Vec::with_capacity(order.len());
        let mut by_names: HashMap<u64, BTreeSet<usize>> = HashMap::new();
        for (place, id) in order.iter().enumerate() {
            let mut hasher = DefaultHasher::new();
            let names = &policies.all[*id].names;
            names.is_some().hash(&mut hasher);
            for name in names.iter().flatten() {
                name.hash(&mut hasher);
            }
            by_names.entry(hasher.finish()).or_default().insert(place);
            hashers.push(hasher);
        }
        let len = order.len();
        Self {
            policies,
            order,
            after: (1..=len).collect(),
            before: (0..len).map(|place| place.wrapping_sub(1)).collect(),
            gone: vec![false; len],
            hashers,
            by_names,
            merges_client_auth: version.has(Change::ClientAuthMerged),
            neighbours_join: version.has(Change::NeighboursJoin),
        }
    }

    fn policy(&self, place: usize) -> &ConnectionPolicy {
        &self.policies.all[self.order[place]]
    }

    fn after(&self, place: usize) -> usize {
        self.after[place]
    }

    /// The first policy that the one at `place` can be joined with.
    fn partner(&self, place: usize) -> Option<usize> {
        let names = &self.policy(place).names;
        let same = self.by_names.get(&self.hashers[place].finish()).and_then(|places| {
            places.iter().copied().find(|other| *other != place && self.policy(*other).names == *names)
        });
        let next = Some(self.after[place]).filter(|next| {
            self.neighbours_join
                && *next < self.order.len()
                && names.is_some()
                && self.policy(*next).names.is_some()
                && same_settings(self.policy(place), self.policy(*next))
        });
        [same, next].into_iter().flatten().min()
    }

    /// Joins the policy at `other` into the one at `place`, and takes it out.
    fn join(&mut self, place: usize, other: usize) -> Parsed<()> {
        if self.policy(place).names == self.policy(other).names {
            let theirs = self.policy(other).clone();
            let id = self.order[place];
            merge(&mut self.policies.all[id], theirs, self.merges_client_auth)
                .map_err(|what| self.conflict(place, other, what))?;
        } else {
            let names = self.policy(other).names.clone().unwrap_or_default();
            self.forget(place);
            for name in &names {
                name.hash(&mut self.hashers[place]);
            }
            self.by_names.entry(self.hashers[place].finish()).or_default().insert(place);
            let id = self.order[place];
            self.policies.all[id].names.get_or_insert_default().extend(names);
        }
        self.take_out(other);
        Ok(())
    }

    fn forget(&mut self, place: usize) {
        if let Some(places) = self.by_names.get_mut(&self.hashers[place].finish()) {
            places.remove(&place);
        }
    }

    fn take_out(&mut self, place: usize) {
        self.forget(place);
        self.gone[place] = true;
        let (before, after) = (self.before[place], self.after[place]);
        if let Some(slot) = self.after.get_mut(before) {
            *slot = after;
        }
        if let Some(slot) = self.before.get_mut(after) {
            *slot = before;
        }
    }

    fn remaining(self) -> Vec<PolicyId> {
        let there = self.order.into_iter().zip(self.gone);
        there.filter_map(|(id, gone)| (!gone).then_some(id)).collect()
    }

    fn conflict(&self, place: usize, other: usize, what: &str) -> Fault {
        let word = |place: usize| self.policies.words[self.order[place]].clone();
        let (first, second) = (word(place), word(other));
        let fault = Fault::new(
            Code::TLS,
            &second.or_else(|| first.clone()).unwrap_or_default(),
            format!("two `tls` directives for the same names have different {what}"),
        )
        .help("write these settings once, or the same way in both");
        match first {
            Some(first) => fault.also(&first, "the other one"),
            None => fault,
        }
    }
}

fn same_settings(a: &ConnectionPolicy, b: &ConnectionPolicy) -> bool {
    a.certificate_selection == b.certificate_selection
        && a.cipher_suites == b.cipher_suites
        && a.curves == b.curves
        && a.alpn == b.alpn
        && a.protocol_min == b.protocol_min
        && a.protocol_max == b.protocol_max
        && a.client_authentication == b.client_authentication
        && a.default_sni == b.default_sni
        && a.fallback_sni == b.fallback_sni
        && a.insecure_secrets_log == b.insecure_secrets_log
}

/// Fills the settings of `policy` from `other`; an error where both have one and they differ, which says what.
fn merge(
    policy: &mut ConnectionPolicy,
    other: ConnectionPolicy,
    merges_client_auth: bool,
) -> Result<(), &'static str> {
    if *policy == other {
        return Ok(());
    }
    // Before 2.11.9, Caddy looks only at this side: a second policy may not bring client authentication.
    if merges_client_auth {
        fill(
            &mut policy.client_authentication,
            other.client_authentication.clone(),
            "client authentication",
        )?;
    } else if policy.client_authentication.is_none() && other.client_authentication.is_some() {
        return Err("client authentication");
    }
    fill(&mut policy.alpn, other.alpn, "ALPN protocols")?;
    fill(&mut policy.cipher_suites, other.cipher_suites, "cipher suites")?;
    fill(&mut policy.curves, other.curves, "curves")?;
    fill(&mut policy.default_sni, other.default_sni, "default server names")?;
    fill(&mut policy.fallback_sni, other.fallback_sni, "fallback server names")?;
    fill(&mut policy.protocol_min, other.protocol_min, "oldest TLS versions")?;
    fill(&mut policy.protocol_max, other.protocol_max, "newest TLS versions")?;
    match (&mut policy.certificate_selection, other.certificate_selection) {
        (Some(mine), Some(theirs)) => {
            let new: Vec<_> = theirs.any_tag.into_iter().filter(|tag| !mine.any_tag.contains(tag)).collect();
            mine.any_tag.extend(new);
        }
        (mine @ None, theirs) => *mine = theirs,
        (Some(_), None) => {}
    }
    Ok(())
}

/// Takes `theirs` where `mine` is empty.
fn fill<T: Default + PartialEq>(mine: &mut T, theirs: T, what: &'static str) -> Result<(), &'static str> {
    let empty = T::default();
    if *mine == empty {
        *mine = theirs;
    } else if theirs != empty && *mine != theirs {
        return Err(what);
    }
    Ok(())
}
