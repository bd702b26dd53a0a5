//! One finding reported once, with all the sites it reaches: a snippet's change, a setting of many hosts.

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
pub(crate) fn routes(changes: Vec<RouteChange>) -> Vec<RouteChange> {
    let key = |c: &RouteChange| -> RouteKey {
        (
            (c.change, c.on_errors, c.matchers.clone(), c.old_matchers.clone()),
            (c.old.clone(), c.new.clone(), c.instead.clone(), c.note.clone()),
            c.fields.clone(),
            (c.old_place.clone(), c.new_place.clone()),
        )
    };
    let merged = by_key(changes, key, |change| &mut change.sites);
    of_one_place(of_one_directive(merged))
}

/// Routes that one directive makes (`php_fastcgi` makes three) are reported as the one that answers.
fn of_one_directive(changes: Vec<RouteChange>) -> Vec<RouteChange> {
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        // Where both sides have it, only other matchers around all of them are reported at once.
        let alike = matches!(change.change, Change::Added | Change::Removed)
            || (change.old == change.new && change.fields.is_empty());
        if alike && (change.old_place.is_some() || change.new_place.is_some()) {
            let key = (change.change, &change.sites, change.on_errors, &change.old_place, &change.new_place);
            groups.entry(key).or_default().push(at);
        }
    }
    let mut folded: Vec<Option<String>> = vec![None; changes.len()];
    let mut dropped = vec![false; changes.len()];
    for group in groups.values().filter(|group| group.len() > 1) {
        let mut answering = group.iter().filter(|at| {
            let what = changes[**at].new.as_ref().or(changes[**at].old.as_ref());
            changes[**at].answers && what.is_some_and(|what| !what.starts_with("redir "))
        });
        let (Some(&speaker), None) = (answering.next(), answering.next()) else { continue };
        let others = group.iter().filter(|at| **at != speaker);
        let names = others.clone().filter_map(|at| {
            let what = changes[*at].new.as_ref().or(changes[*at].old.as_ref())?;
            what.split(' ').next().map(str::to_owned)
        });
        folded[speaker] =
            Some(format!("with the {} that belong to it", names.collect::<Vec<_>>().join(" and ")));
        others.for_each(|at| dropped[*at] = true);
    }
    let kept = changes.into_iter().zip(folded).zip(dropped).filter(|(_, dropped)| !dropped);
    let reported = kept.map(|((mut change, folded), _)| {
        change.note = change.note.or(folded);
        change
    });
    reported.collect()
}

/// What has to agree for changes of one place to be one, whatever leads there: a named route, a snippet.
type PlaceKey = (Change, bool, Option<String>, Option<String>, Vec<Field>, Option<Place>, Option<Place>);

/// One line of a Caddyfile that is reached by several matchers is reported once.
fn of_one_place(changes: Vec<RouteChange>) -> Vec<RouteChange> {
    let key = |c: &RouteChange| -> Option<PlaceKey> {
        let plain = c.old_matchers.is_none() && c.instead.is_none() && c.note.is_none();
        (plain && (c.old_place.is_some() || c.new_place.is_some())).then(|| {
            let places = (c.old_place.clone(), c.new_place.clone());
            (c.change, c.on_errors, c.old.clone(), c.new.clone(), c.fields.clone(), places.0, places.1)
        })
    };
    several(changes, key, |change| (&mut change.sites, &mut change.matchers))
}

/// Makes changes of equal keys one. Where their matchers differ, these go behind the names of the sites.
fn several<T, K: Hash + Eq>(
    changes: Vec<T>,
    key: impl Fn(&T) -> Option<K>,
    parts: impl Fn(&mut T) -> (&mut Vec<String>, &mut String),
) -> Vec<T> {
    let mut count: HashMap<K, usize> = HashMap::new();
    for key in changes.iter().filter_map(&key) {
        *count.entry(key).or_default() += 1;
    }
    let mut merged: Vec<T> = Vec::new();
    let mut known: HashMap<K, usize> = HashMap::new();
    for mut change in changes {
        let Some(key) = key(&change).filter(|key| count.get(key).is_some_and(|count| *count > 1)) else {
            merged.push(change);
            continue;
        };
        let (sites, matchers) = parts(&mut change);
        if matchers != "*" {
            for site in sites.iter_mut() {
                *site = format!("{site} {matchers}");
            }
        }
        matchers.clear();
        let names = std::mem::take(sites);
        let at = *known.entry(key).or_insert(merged.len());
        if at == merged.len() {
            merged.push(change);
        }
        let all = parts(&mut merged[at]).0;
        all.extend(names);
        all.sort();
    }
    merged
}

/// What has to agree for two header changes to be one.
type HeaderKey = (
    (Change, String, Direction, String),
    (Option<String>, Option<String>, Option<String>),
    (Option<Place>, Option<Place>),
);

/// Merges equal changes of headers, and puts those that matter to security first.
pub(crate) fn headers(changes: Vec<HeaderChange>) -> Vec<HeaderChange> {
    let key = |c: &HeaderChange| -> HeaderKey {
        (
            (c.change, c.matchers.clone(), c.direction, c.name.clone()),
            (c.old.clone(), c.new.clone(), c.note.clone()),
            (c.old_place.clone(), c.new_place.clone()),
        )
    };
    let merged = by_key(changes, key, |change| &mut change.sites);
    let place = |c: &HeaderChange| {
        let places = (c.old_place.clone(), c.new_place.clone());
        (c.note.is_none() && places != (None, None))
            .then(|| (c.change, c.direction, c.name.clone(), c.old.clone(), c.new.clone(), places))
    };
    let mut merged = several(merged, place, |change| (&mut change.sites, &mut change.matchers));
    merged.sort_by_key(|change| !change.security);
    merged
}

/// What became of a site that is at another address.
pub(crate) fn moved(before: &str, after: &str) -> String {
    format!("{before} is now {after}")
}

/// Joins effects that say the same of many sites.
pub(crate) fn effects(effects: Vec<Effect>) -> Vec<Effect> {
    let moved = |effect: &&Effect| effect.kind == EffectKind::Site && effect.change == Change::Moved;
    let mut effects = effects;
    if effects.iter().filter(moved).count() > 5 {
        let words =
            |effect: &Effect| self::moved(effect.before.as_deref().unwrap_or_default(), &effect.subject);
        let sites: Vec<String> = effects.iter().filter(moved).map(words).collect();
        let first = effects.iter().position(|effect| moved(&effect)).unwrap_or(0);
        let mut joined = effects[first].clone();
        joined.message = format!("{} sites are served at another address", sites.len()).into();
        joined.subject = format!("{} sites", sites.len());
        joined.sites = sites;
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
