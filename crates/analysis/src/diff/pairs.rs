//! Which handler of the old site is which of the new one.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use super::normal::{self, Own};
use crate::routes::flat::{Flat, Row};
use caddyctl_language::spec::Answer;

/// The routes of one site on one side, with what is compared.
#[derive(Debug)]
pub(crate) struct SiteRows<'a> {
    /// The routes.
    pub flat: Flat<'a>,
    /// The handlers in normal form, one for each row.
    pub handlers: Vec<Value>,
    /// What has to match, one for each row.
    pub conditions: Vec<String>,
}

impl<'a> SiteRows<'a> {
    /// Prepares the rows of `flat`.
    pub(crate) fn new(flat: Flat<'a>, own: Own) -> Self {
        let handlers = flat.rows.iter().map(|row| normal::handler(row.handler, own)).collect();
        let conditions = flat.rows.iter().map(|row| condition(&flat, row)).collect();
        Self { flat, handlers, conditions }
    }

    /// How a row shuts out others by its groups and terminal routes. One that answers shuts them out anyway.
    pub(super) fn exclusion(&self, row: usize) -> Vec<(bool, bool)> {
        if self.flat.rows[row].ends() == Answer::Always {
            return Vec::new();
        }
        let levels = self.flat.rows[row].levels.iter().map(|&level| &self.flat.levels[level]);
        let flags = levels.filter(|level| !level.sets.is_empty() || level.group.is_some() || level.terminal);
        flags
            .map(|level| (level.group.is_some(), level.terminal))
            .filter(|flags| *flags != (false, false))
            .collect()
    }
}

fn condition(flat: &Flat, row: &Row) -> String {
    let mut text = format!("{:?}", row.phase);
    let mut last = None;
    for sets in flat.conditions(row) {
        // The same matcher twice in a row says nothing new: `handle_path /x` around `@x`.
        if last != Some(sets) {
            text.push('>');
            for set in sets {
                text.push_str(&set.to_string());
            }
        }
        last = Some(sets);
    }
    text
}

/// The pairs of rows, by the number of the old one, and what is left on both sides.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    /// The new row of each old one.
    pub new_of: Vec<Option<usize>>,
    /// The old row of each new one.
    pub old_of: Vec<Option<usize>>,
}

/// Pairs the rows, those that are the same first, then those that share more and more loosely.
pub(crate) fn pairs(old: &SiteRows, new: &SiteRows) -> Pairs {
    let mut pairs =
        Pairs { new_of: vec![None; old.flat.rows.len()], old_of: vec![None; new.flat.rows.len()] };
    let handler = |side: &SiteRows, row: usize| side.handlers[row].to_string();
    let directive = |side: &SiteRows, row: usize| side.flat.rows[row].directive().to_owned();
    let answers = |side: &SiteRows, row: usize| side.flat.rows[row].ends() == Answer::Always;
    let condition = |side: &SiteRows, row: usize| side.conditions[row].clone();

    let all = |_: &SiteRows, _: usize| true;
    pairs.by(old, new, all, |side, row| (condition(side, row), handler(side, row)), false);
    pairs.by(old, new, all, |side, row| (condition(side, row), directive(side, row)), false);
    pairs.by(old, new, answers, condition, false);
    // The same handler under other matchers, where there is only one such.
    pairs.by(
        old,
        new,
        |side, row| side.handlers[row].as_object().is_some_and(|o| o.len() > 1),
        handler,
        true,
    );
    pairs
}

impl Pairs {
    /// Pairs rows that are still free, pass `filter` and have the same key; `unique`: only when no other has it.
    fn by<K: std::hash::Hash + Eq>(
        &mut self,
        old: &SiteRows,
        new: &SiteRows,
        filter: impl Fn(&SiteRows, usize) -> bool,
        key: impl Fn(&SiteRows, usize) -> K,
        unique: bool,
    ) {
        let mut waiting: HashMap<K, (VecDeque<usize>, usize)> = HashMap::new();
        for row in (0..self.old_of.len()).filter(|&row| self.old_of[row].is_none() && filter(new, row)) {
            waiting.entry(key(new, row)).or_default().0.push_back(row);
        }
        if waiting.is_empty() {
            return;
        }
        let free: Vec<usize> =
            (0..self.new_of.len()).filter(|&row| self.new_of[row].is_none() && filter(old, row)).collect();
        if unique {
            for &row in &free {
                if let Some((_, count)) = waiting.get_mut(&key(old, row)) {
                    *count += 1;
                }
            }
        }
        for row in free {
            let Some((partners, count)) = waiting.get_mut(&key(old, row)) else { continue };
            if unique && (*count > 1 || partners.len() > 1) {
                continue;
            }
            if let Some(partner) = partners.pop_front() {
                self.new_of[row] = Some(partner);
                self.old_of[partner] = Some(row);
            }
        }
    }
}
