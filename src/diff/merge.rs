//! One finding told once, with all the sites it reaches: a snippet's change, a setting of many hosts.

use std::collections::HashMap;
use std::hash::Hash;

use super::report::{Change, Direction, Effect, EffectKind, Field, HeaderChange, Place, RouteChange};

/// What has to agree for two route changes to be one: everything but the sites. The places are the snippet's.
type RouteKey = (
    (Change, bool, String, Option<String>),
    (Option<String>, Option<String>, Option<String>, Option<String>),
    Vec<Field>,
    (Option<Place>, Option<Place>),
);

/// Merges equal changes of routes.
pub fn routes(changes: Vec<RouteChange>) -> Vec<RouteChange> {
    let key = |c: &RouteChange| -> RouteKey {
        (
            (c.change, c.on_errors, c.matchers.clone(), c.old_matchers.clone()),
            (c.old.clone(), c.new.clone(), c.instead.clone(), c.note.clone()),
            c.fields.clone(),
            (c.old_place.clone(), c.new_place.clone()),
        )
    };
    by_key(changes, key, |change| &mut change.sites)
}

/// What has to agree for two header changes to be one.
type HeaderKey =
    ((Change, String, Direction, String), (Option<String>, Option<String>), (Option<Place>, Option<Place>));

/// Merges equal changes of headers, and puts those that matter to security first.
pub fn headers(changes: Vec<HeaderChange>) -> Vec<HeaderChange> {
    let key = |c: &HeaderChange| -> HeaderKey {
        (
            (c.change, c.matchers.clone(), c.direction, c.name.clone()),
            (c.old.clone(), c.new.clone()),
            (c.old_place.clone(), c.new_place.clone()),
        )
    };
    let mut merged = by_key(changes, key, |change| &mut change.sites);
    merged.sort_by_key(|change| !change.security);
    merged
}

/// Joins effects that say the same of many sites.
pub fn effects(effects: Vec<Effect>) -> Vec<Effect> {
    let moved = |effect: &&Effect| effect.kind == EffectKind::Site && effect.change == Change::Moved;
    let mut effects = effects;
    if effects.iter().filter(moved).count() > 5 {
        let sites: Vec<String> = effects.iter().filter(moved).map(|effect| effect.message.clone()).collect();
        let first = effects.iter().position(|effect| moved(&effect)).unwrap_or(0);
        let mut joined = effects[first].clone();
        joined.message = format!("{} sites are served at another address", sites.len());
        joined.subject = format!("{} sites", sites.len());
        joined.sites =
            sites.into_iter().map(|message| message.trim_start_matches("site ").to_owned()).collect();
        effects.retain(|effect| !moved(&effect));
        effects.insert(first.min(effects.len()), joined);
    }
    effects.sort_by_key(|effect| effect.kind);
    effects
}

fn by_key<T, K: Hash + Eq>(
    changes: Vec<T>,
    key: impl Fn(&T) -> K,
    sites: impl Fn(&mut T) -> &mut Vec<String>,
) -> Vec<T> {
    let mut merged: Vec<T> = Vec::new();
    let mut known: HashMap<K, usize> = HashMap::new();
    for mut change in changes {
        let at = *known.entry(key(&change)).or_insert(merged.len());
        let names = std::mem::take(sites(&mut change));
        if at == merged.len() {
            merged.push(change);
        }
        let all = sites(&mut merged[at]);
        all.extend(names);
    }
    for change in &mut merged {
        let all = sites(change);
        all.sort();
        all.dedup();
    }
    merged
}
