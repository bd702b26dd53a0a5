//! Routes that no request reaches, and the route that takes their requests before.
//!
//! Certain cases only: what cannot be decided from the matchers alone counts as reachable.

use std::collections::HashMap;

use serde_json::Value;

use super::answer;
use super::flat::{Flat, Level, Row};
use super::matchers;
use caddyctl_language::spec::Answer;

/// More rows than this in one site, and only routes with the same or no matchers are compared.
const PAIRWISE: usize = 2000;

/// Something that takes requests for good: a handler that answers, a member of a group, a terminal route.
struct Closer {
    /// The row that is to blame.
    row: usize,
    /// How many of the row's levels count.
    depth: usize,
    /// The first row that it can shut out.
    from: usize,
    /// The group whose other members alone are shut out.
    group: Option<usize>,
}

/// For each row of `flat`, the row that takes all its requests before; the last ones have none where there is too much to
/// compare.
pub(crate) fn shadows(flat: &Flat) -> Vec<Option<usize>> {
    let rewrites = rewrites_before(flat);
    let closers = closers(flat);
    let mut found = vec![None; flat.rows.len()];
    let small = flat.rows.len() <= PAIRWISE;
    // Without comparing all pairs: closers by the last of their matchers.
    let mut by_sets: HashMap<&[Value], Vec<&Closer>> = HashMap::new();
    if !small {
        for closer in &closers {
            let sets = own_levels(flat, closer).last().map_or(&[][..], |level| level.sets.as_slice());
            by_sets.entry(sets).or_default().push(closer);
        }
    }
    for (number, row) in flat.rows.iter().enumerate() {
        let closes = |closer: &&Closer| closes(flat, &rewrites, closer, number, row);
        let by = if small {
            closers.iter().find(closes)
        } else {
            let mut sets =
                row.levels.iter().map(|&level| flat.levels[level].sets.as_slice()).chain([&[][..]]);
            sets.find_map(|sets| by_sets.get(sets)?.iter().copied().take(50).find(closes))
        };
        found[number] = by.map(|closer| closer.row);
    }
    found
}

fn own_levels<'f>(flat: &'f Flat, closer: &Closer) -> impl Iterator<Item = &'f Level> {
    flat.rows[closer.row].levels[..closer.depth].iter().map(|&level| &flat.levels[level])
}

/// How many rewriting handlers stand before each row.
fn rewrites_before(flat: &Flat) -> Vec<usize> {
    let mut count = 0;
    let mut before: Vec<usize> = Vec::with_capacity(flat.rows.len() + 1);
    for row in &flat.rows {
        before.push(count);
        count += usize::from(answer::rewrites(row.handler));
    }
    before.push(count);
    before
}

fn closers(flat: &Flat) -> Vec<Closer> {
    let mut closers = Vec::new();
    for (number, row) in flat.rows.iter().enumerate() {
        if row.ends() == Answer::Always {
            closers.push(Closer { row: number, depth: row.levels.len(), from: number + 1, group: None });
        }
    }
    for (number, level) in flat.levels.iter().enumerate() {
        let Some(row) = level.rows.clone().next() else { continue };
        let Some(depth) = flat.rows[row].levels.iter().position(|&l| l == number) else { continue };
        if level.terminal || level.group.is_some() {
            let group = if level.terminal { None } else { level.group };
            closers.push(Closer { row, depth: depth + 1, from: level.rows.end, group });
        }
    }
    closers.sort_by_key(|closer| closer.row);
    closers
}

fn closes(flat: &Flat, rewrites: &[usize], closer: &Closer, number: usize, row: &Row) -> bool {
    let by = &flat.rows[closer.row];
    if number < closer.from || by.phase != row.phase || flat.effort.is_spent() {
        return false;
    }
    let shared = by.levels.iter().zip(&row.levels).take_while(|(a, b)| a == b).count();
    let own = &by.levels[shared.min(closer.depth)..closer.depth];
    if let Some(group) = closer.group {
        // The other member has to be a sibling: same depth, same group.
        let sibling = row.levels.get(closer.depth - 1).map(|&level| &flat.levels[level]);
        if shared + 1 != closer.depth || sibling.and_then(|level| level.group) != Some(group) {
            return false;
        }
    }
    let weight: usize = own.iter().map(|&level| flat.levels[level].weight).sum();
    if !flat.effort.spend(weight.saturating_mul(row.weight).saturating_add(shared)) {
        return false;
    }
    // What is rewritten inside the closing route itself does not touch requests that come past it.
    let start = own.first().map_or(closer.from, |&level| flat.levels[level].rows.end);
    let same_uri = rewrites[number] == rewrites[start.min(number)];
    own.iter().all(|&level| {
        let wide = &flat.levels[level].sets;
        let known = |narrow: &&usize| matchers::covers(wide, &flat.levels[**narrow].sets);
        wide.is_empty()
            || ((same_uri || !matchers::reads_uri(wide)) && row.levels[shared..].iter().any(|l| known(&l)))
            || row.levels[..shared].iter().any(|l| known(&l) && same_uri)
    })
}
