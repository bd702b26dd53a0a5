//! What the change of one route means for others: who answered its requests before, which logins it comes before,
//! whose matchers see the path that it makes.

use std::collections::HashSet;

use serde_json::Value;

use super::pairs::SiteRows;
use crate::routes::answer;
use crate::routes::flat::{Flat, Row};
use crate::routes::server::Phase;
use crate::routes::{handler, matchers};
use caddyctl_language::spec::Answer;

/// To put a handler into words costs as much as so many comparisons of matchers.
const DESCRIBED: usize = 20;

/// More names than this are counted.
const LISTED: usize = 3;

/// Who answers on the side `flat` the requests that come to `row` of `own` there, as far as the matchers show.
/// `alone`: requests that no route of `flat` answers get an empty answer. `None` also where there is too much to compare.
pub(super) fn instead(flat: &Flat, own: &Flat, row: &Row, alone: bool) -> Option<String> {
    if row.ends() != Answer::Always || flat.effort.is_spent() {
        return None;
    }
    let conditions: Vec<&[Value]> = own.conditions(row).collect();
    let mut names = Names::default();
    let mut certain = true;
    for other in
        flat.rows.iter().filter(|other| other.ends() != Answer::Never && !flat.apart(other, own, row))
    {
        if other.ends() == Answer::Sometimes {
            certain = false;
            continue;
        }
        names.add(handler::describe(other.handler));
        if !flat.effort.spend(DESCRIBED.saturating_add(row.weight.saturating_mul(other.weight))) {
            return None;
        }
        let covers =
            flat.conditions(other).all(|wide| conditions.iter().any(|narrow| matchers::covers(wide, narrow)));
        if covers {
            return Some(names.or());
        }
    }
    if flat.effort.is_spent() {
        return None;
    }
    let nothing = if row.phase == Phase::Error { "an empty answer" } else { "an empty 200" };
    (names.first.is_empty() && certain && alone).then(|| nothing.to_owned())
}

/// Different names of handlers.
#[derive(Default)]
struct Names {
    first: Vec<String>,
    all: HashSet<String>,
}

impl Names {
    fn add(&mut self, name: String) {
        if !self.all.contains(&name) {
            if self.first.len() < LISTED {
                self.first.push(name.clone());
            }
            self.all.insert(name);
        }
    }

    /// `a`, `a or b`, `one of 5 routes`.
    fn or(&self) -> String {
        let number = self.all.len();
        if number > LISTED { format!("one of {number} routes") } else { self.first.join(" or ") }
    }
}

/// The logins behind `row` that its requests came to before, since another route answered them then.
pub(crate) fn passed_by<'s>(side: &'s SiteRows, row: usize, paired: &[Option<usize>]) -> Vec<&'s Row<'s>> {
    let flat = &side.flat;
    let own = &flat.rows[row];
    if own.ends() != Answer::Always {
        return Vec::new();
    }
    let behind = flat.rows.iter().enumerate().skip(row + 1);
    let guards = behind.filter(|(number, guard)| {
        paired[*number].is_some() && answer::guards(guard.handler) && !flat.apart(guard, flat, own)
    });
    guards.map(|(_, guard)| guard).collect()
}

/// The routes whose matchers look at the path or the method after `row` has rewritten it.
pub(crate) fn see_rewritten<'s>(flat: &'s Flat, row: usize) -> Vec<&'s Row<'s>> {
    if !answer::rewrites_path(flat.rows[row].handler) {
        return Vec::new();
    }
    let reads = |sets: &[Value]| {
        sets.iter().any(|set| {
            set.as_object().is_some_and(|set| {
                ["path", "path_regexp", "method", "file", "expression", "query", "not"]
                    .iter()
                    .any(|name| set.contains_key(*name))
            })
        })
    };
    if !flat.effort.spend(flat.rows.len()) {
        return Vec::new();
    }
    let later = flat.rows.iter().skip(row + 1);
    let sees = |later: &&Row| {
        (0..later.levels.len())
            .any(|depth| reads(&flat.levels[later.levels[depth]].sets) && flat.leads_to(row, later, depth))
    };
    let seen = later.filter(sees).collect();
    if flat.effort.is_spent() { Vec::new() } else { seen }
}

/// The rows as `/app/* forward_auth auth:1`, a few of them.
pub(crate) fn names(flat: &Flat, rows: &[&Row]) -> String {
    let name = |row: &&Row| format!("{} {}", flat.matchers(row), handler::describe(row.handler));
    let mut words: Vec<String> = rows.iter().take(LISTED).map(name).collect();
    if rows.len() > LISTED {
        words.push(format!("{} more", rows.len() - LISTED));
    }
    words.join(", ")
}
