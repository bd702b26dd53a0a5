//! What is done to headers, name by name, and which of that changed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::Show;
use super::pairs::{Pairs, SiteRows};
use super::report::{Change, Direction};
use crate::routes::{answer, matchers, words};
use caddyctl_language::source::secrets;

/// Headers that browsers read as a matter of security; CORS comes by its prefix.
const SECURITY: &[&str] = &[
    "strict-transport-security",
    "content-security-policy",
    "content-security-policy-report-only",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "x-xss-protection",
    "x-permitted-cross-domain-policies",
    "origin-agent-cluster",
    "clear-site-data",
    "set-cookie",
    "public-key-pins",
    "expect-ct",
];

/// Whether browsers read the header as a matter of security.
pub(crate) fn is_security(name: &str) -> bool {
    let name = name.to_lowercase();
    SECURITY.contains(&name.as_str()) || name.starts_with("access-control-")
}

/// A header as it is treated by one site: who matches, whose headers, which name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    condition: String,
    direction: Direction,
    name: String,
}

/// All that is done to one header, in order.
#[derive(Clone, Debug)]
struct Treatment {
    row: usize,
    /// The header as it is written.
    name: String,
    /// The operations with their values, secrets and all, to compare.
    exact: Vec<String>,
    /// The same to print.
    shown: Vec<String>,
    /// Whether one of them sets or deletes the header whatever it was.
    sets: bool,
    /// Whether they wait until the answer is written.
    deferred: bool,
}

/// How operations are marked that wait until the answer is written.
const DEFERRED: &str = " (deferred)";

/// A header that is treated differently within one site.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// What became of it.
    pub change: Change,
    /// Whose headers.
    pub direction: Direction,
    /// The header.
    pub name: String,
    /// What was done to it.
    pub old: Option<String>,
    /// What is done to it now.
    pub new: Option<String>,
    /// The row of the old side.
    pub old_row: Option<usize>,
    /// The row of the new side.
    pub new_row: Option<usize>,
    /// The same header elsewhere that it has a say over, or that has a say over it.
    pub rival: Option<Rival>,
    /// Whether it became deferred (`Some(true)`) or is so no longer, and nothing else changed.
    pub deferred: Option<bool>,
}

/// Another treatment of the same header, under other matchers, that may meet the same requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rival {
    /// Its row: of the new side, or of the old one when the header is treated no longer.
    pub row: usize,
    /// Whether that one has the last word.
    pub wins: bool,
}

/// The headers that one site treats differently. Proxies count when they are on both sides.
pub(crate) fn changes(old_side: &SiteRows, new_side: &SiteRows, pairs: &Pairs, show: Show) -> Vec<Found> {
    // A pair whose matchers changed is reported as a route.
    let same = |row: usize, other: Option<usize>, a: &SiteRows, b: &SiteRows| {
        other.is_some_and(|other| a.conditions[row] == b.conditions[other])
    };
    let before = treatments(old_side, show, |row| same(row, pairs.new_of[row], old_side, new_side));
    let after = treatments(new_side, show, |row| same(row, pairs.old_of[row], new_side, old_side));
    let mut found = Vec::new();
    for (key, old) in &before {
        let new = after.get(key);
        if new.is_some_and(|new| new.exact == old.exact) {
            continue;
        }
        let change = if new.is_some() { Change::Changed } else { Change::Removed };
        let mut one = one(change, key, Some(old), new);
        one.rival = match one.new_row {
            Some(_) => rival(new_side, key, &after),
            // What is still on the new side shows which one decides now.
            None => rival(old_side, key, &before).filter(|rival| !rival.wins),
        };
        found.push(one);
    }
    for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        let mut one = one(Change::Added, key, None, Some(new));
        one.rival = rival(new_side, key, &after);
        found.push(one);
    }
    found
}

/// The other treatment of the same header that matters most: one that wins, or one that loses.
fn rival(side: &SiteRows, key: &Key, all: &BTreeMap<Key, Treatment>) -> Option<Rival> {
    let own = all.get(key)?;
    if !own.sets || !matches!(key.direction, Direction::Request | Direction::Response) {
        return None;
    }
    let same = |(other, treatment): &(&Key, &Treatment)| {
        other.condition != key.condition
            && other.direction == key.direction
            && other.name == key.name
            && treatment.sets
            && !side.flat.apart(&side.flat.rows[own.row], &side.flat, &side.flat.rows[treatment.row])
    };
    let rivals = all.iter().filter(same).map(|(_, other)| {
        // What is deferred is done as the answer is written, the inner handlers' first.
        let wins = match (own.deferred, other.deferred) {
            (false, true) => true,
            (true, false) => false,
            (true, true) => other.row < own.row,
            (false, false) => other.row > own.row,
        };
        Rival { row: other.row, wins }
    });
    rivals.max_by_key(|rival| rival.wins)
}

fn one(change: Change, key: &Key, old: Option<&Treatment>, new: Option<&Treatment>) -> Found {
    Found {
        change,
        direction: key.direction,
        name: new.or(old).map(|t| t.name.clone()).unwrap_or_default(),
        old: old.map(|t| t.shown.join("; ")),
        new: new.map(|t| t.shown.join("; ")),
        old_row: old.map(|t| t.row),
        new_row: new.map(|t| t.row),
        rival: None,
        deferred: old.zip(new).and_then(|(old, new)| {
            let plain =
                |t: &Treatment| -> Vec<String> { t.exact.iter().map(|e| e.replace(DEFERRED, "")).collect() };
            (old.deferred != new.deferred && plain(old) == plain(new)).then_some(new.deferred)
        }),
    }
}

fn treatments(side: &SiteRows, show: Show, paired: impl Fn(usize) -> bool) -> BTreeMap<Key, Treatment> {
    let mut all = BTreeMap::new();
    for (row, handler) in side.handlers.iter().enumerate() {
        let (ops, directions) = match answer::name(handler) {
            "headers" => (Some(handler), [Direction::Request, Direction::Response]),
            "reverse_proxy" if paired(row) => {
                (handler.get("headers"), [Direction::Upstream, Direction::Downstream])
            }
            _ => continue,
        };
        for (key, direction) in ["request", "response"].into_iter().zip(directions) {
            let Some(ops) = ops.and_then(|ops| ops.get(key)) else { continue };
            for (name, exact, shown) in operations(ops, show) {
                let condition = side.conditions[row].clone();
                let key = Key { condition, direction, name: name.to_lowercase() };
                let entry = all.entry(key).or_insert_with(|| Treatment {
                    row,
                    name,
                    exact: Vec::new(),
                    shown: Vec::new(),
                    sets: false,
                    deferred: false,
                });
                entry.sets |=
                    (exact.starts_with("set ") || exact.starts_with("delete")) && !exact.contains(" when ");
                entry.deferred |= exact.ends_with(DEFERRED);
                entry.exact.push(exact);
                entry.shown.push(shown);
            }
        }
    }
    all
}

/// The operations of one block, in the order in which Caddy does them: name, exact words, words to print.
fn operations(ops: &Value, show: Show) -> Vec<(String, String, String)> {
    let deferred = ops.get("deferred").and_then(Value::as_bool) == Some(true);
    let require = ops.get("require").map(|require| {
        if require
            .get("headers")
            .is_some_and(|h| h.as_object().is_some_and(|h| h.values().all(Value::is_null)))
        {
            " when absent".to_owned()
        } else {
            format!(" when {}", show.value("", require))
        }
    });
    let suffix = format!("{}{}", require.unwrap_or_default(), if deferred { DEFERRED } else { "" });
    let mut list = Vec::new();
    for verb in ["add", "set"] {
        for (name, values) in ops.get(verb).and_then(Value::as_object).into_iter().flatten() {
            let exact = format!("{verb} {values}{suffix}");
            list.push((name.clone(), exact, format!("{verb} {}{suffix}", show.value(name, values))));
        }
    }
    for name in ops.get("delete").into_iter().flat_map(matchers::strings) {
        list.push((name.to_owned(), format!("delete{suffix}"), format!("delete{suffix}")));
    }
    for (name, rules) in ops.get("replace").and_then(Value::as_object).into_iter().flatten() {
        for rule in rules.as_array().into_iter().flatten() {
            let part = |key: &str| rule.get(key).and_then(Value::as_str).unwrap_or("");
            let search = if part("search").is_empty() { part("search_regexp") } else { part("search") };
            let text = |text: &str| {
                words::quote(&if show.secrets { text.to_owned() } else { secrets::hide_text(name, text) })
            };
            let shown = format!("{} with {}", text(search), text(part("replace")));
            list.push((name.clone(), format!("replace {rule}{suffix}"), format!("replace {shown}{suffix}")));
        }
    }
    list
}
