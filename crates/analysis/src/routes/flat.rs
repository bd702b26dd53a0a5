//! The routes of a site as one flat list: every handler with all that has to match before a request comes to it.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use serde_json::Value;

use super::answer::{self, Answers};
use super::effort::Effort;
use super::server::{Entry, Phase, Server};
use super::{handler, matchers, words};
use caddyctl_language::config::pointer::escape;
use caddyctl_language::spec::Answer;

/// One route on the way from the site to a handler: its matchers, and how it shuts out others.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    /// Its matcher sets in normal form; empty takes everything.
    pub sets: Vec<Value>,
    /// Which alternatives it belongs to (`handle` blocks, rewrites), numbered within the site; `None` when that
    /// shuts out nothing.
    pub group: Option<usize>,
    /// Whether no later route is tried, although this one may leave a request unanswered.
    pub terminal: bool,
    /// Whether every request that matches is answered in it.
    pub answers: bool,
    /// The handlers inside it, as numbers in [`Flat::rows`].
    pub rows: Range<usize>,
    /// What it costs to compare its matchers with one value.
    pub weight: usize,
}

impl Level {
    /// A route that shuts out nothing.
    fn open(sets: Vec<Value>) -> Self {
        let weight = sets.iter().map(matchers::weight).sum::<usize>();
        Self { sets, group: None, terminal: false, answers: false, rows: 0..0, weight: weight.max(1) }
    }
}

/// One handler.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// The routes around it, outermost first, as numbers in [`Flat::levels`].
    pub levels: Vec<usize>,
    /// Its JSON.
    pub handler: &'a Value,
    /// Its JSON pointer.
    pub pointer: String,
    /// Whether it runs for requests or for errors.
    pub phase: Phase,
    /// How many of its levels, from the outside, see the request as it arrived: no rewrite comes before them.
    arriving: usize,
    ends: Answer,
    /// What it costs to compare the matchers of all its levels with one value.
    pub weight: usize,
}

/// So many levels that two rows share cost as much as a pair of matchers.
const STEPS: usize = 8;

/// The routes of one site in the order in which Caddy tries them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flat<'a> {
    /// The routes around the handlers.
    pub levels: Vec<Level>,
    /// The handlers.
    pub rows: Vec<Row<'a>>,
    /// How much may be compared. Without any of it left, what is asked here has the least specific answer.
    pub effort: Effort,
}

impl Row<'_> {
    /// The name of the handler, as a Caddyfile calls it.
    pub(crate) fn directive(&self) -> &str {
        handler::directive(self.handler)
    }

    /// Whether it answers requests, or passes them on.
    pub(crate) fn ends(&self) -> Answer {
        self.ends
    }
}

impl<'a> Flat<'a> {
    /// Flattens `entries`, all of one site of `server`. Reports look at many sites with one `effort`.
    pub(crate) fn new<'s: 'a>(
        server: &Server<'s>,
        entries: impl Iterator<Item = &'a Entry<'s>>,
        effort: &Effort,
    ) -> Self {
        let mut walk = Walk {
            server: server.clone(),
            flat: Self { effort: effort.clone(), ..Self::default() },
            groups: 0,
            inside: Vec::new(),
            named: Vec::new(),
            pointer: String::new(),
            answers: Answers::default(),
        };
        for entry in entries {
            // Sites end their requests; that is what makes them sites, and no condition of a route.
            let level = Level::open(entry.sets.clone());
            walk.pointer.clone_from(&entry.pointer);
            walk.route(entry.route(), level, entry.phase);
        }
        effort.add(walk.flat.rows.len());
        walk.flat.note_rewrites();
        walk.flat
    }

    /// The matchers of a row from the outside in, `*` when everything matches.
    pub(crate) fn matchers(&self, row: &Row) -> String {
        self.matchers_as(row, &|sets| words::sets(sets))
    }

    /// The same with what `words` makes of each level.
    pub(crate) fn matchers_as(&self, row: &Row, words: &dyn Fn(&[Value]) -> String) -> String {
        let mut all: Vec<String> = Vec::new();
        for &level in &row.levels {
            let words = words(&self.levels[level].sets);
            if !words.is_empty() && all.last() != Some(&words) {
                all.push(words);
            }
        }
        if all.is_empty() { "*".to_owned() } else { all.join(" > ") }
    }

    /// Whether what `before` does to a request can be seen by the matchers of the level at `depth` of `row`: it comes
    /// first, and what it has seen may come there. Where nothing may be compared any more, it can.
    pub(crate) fn leads_to(&self, before: usize, row: &Row, depth: usize) -> bool {
        let first = &self.rows[before];
        if before >= self.levels[row.levels[depth]].rows.start || first.phase != row.phase {
            return false;
        }
        let shared = first.levels.iter().zip(&row.levels[..=depth]).take_while(|(a, b)| a == b).count();
        let (Some(&a), Some(&b)) = (first.levels.get(shared), row.levels.get(shared)) else { return true };
        let (a, b) = (&self.levels[a], &self.levels[b]);
        if !self.effort.spend(a.weight.saturating_mul(b.weight).saturating_add(shared / STEPS)) {
            return true;
        }
        let apart = a.answers || a.terminal || (a.group.is_some() && a.group == b.group);
        // The other's matchers look at what the rewrite has made, so that two paths say nothing here.
        !apart && (matchers::reads_uri(&b.sets) || !matchers::disjoint(&a.sets, &b.sets))
    }

    /// Finds out which matchers see the request as it arrived.
    fn note_rewrites(&mut self) {
        let rewrites: Vec<usize> =
            (0..self.rows.len()).filter(|&row| answer::rewrites_path(self.rows[row].handler)).collect();
        if rewrites.is_empty() {
            return;
        }
        for number in 0..self.rows.len() {
            let row = &self.rows[number];
            let rewritten = |depth: &usize| {
                let start = self.levels[row.levels[*depth]].rows.start;
                rewrites
                    .iter()
                    .take_while(|before| **before < start)
                    .any(|&before| self.leads_to(before, row, *depth))
            };
            if let Some(depth) = (0..row.levels.len()).find(rewritten) {
                self.rows[number].arriving = depth;
            }
        }
    }

    /// Whether one of the matchers in front of a row may see what a rewrite makes of the request.
    pub(crate) fn sees_rewritten(&self, row: usize) -> bool {
        let row = &self.rows[row];
        row.levels[row.arriving..].iter().any(|&level| matchers::reads_uri(&self.levels[level].sets))
    }

    /// For each row its levels, numbered in the order in which they come, without those that ask nothing and shut out
    /// nothing: which rows share a matcher that is asked once.
    pub(crate) fn shape(&self) -> Vec<Vec<usize>> {
        let mut numbers: HashMap<usize, usize> = HashMap::new();
        let counts = |level: &Level| !level.sets.is_empty() || level.group.is_some() || level.terminal;
        let rows = self.rows.iter().map(|row| {
            let levels = row.levels.iter().filter(|&&level| counts(&self.levels[level]));
            levels
                .map(|&level| {
                    let next = numbers.len();
                    *numbers.entry(level).or_insert(next)
                })
                .collect()
        });
        rows.collect()
    }

    /// The matcher sets of a row that see the request as it arrived: no rewrite comes before them.
    fn arriving<'s>(&'s self, row: &'s Row) -> impl Iterator<Item = &'s [Value]> {
        let levels = row.levels[..row.arriving].iter();
        levels.map(|&level| self.levels[level].sets.as_slice()).filter(|sets| !sets.is_empty())
    }

    /// Whether the matchers keep two rows apart, as far as they look at the request as it arrived. Where nothing may be
    /// compared any more, they do.
    pub(crate) fn apart(&self, row: &Row, other: &Self, other_row: &Row) -> bool {
        row.phase != other_row.phase
            || !self.effort.spend(row.weight.saturating_mul(other_row.weight))
            || self.arriving(row).any(|a| other.arriving(other_row).any(|b| matchers::disjoint(a, b)))
    }

    /// The matcher sets of the levels of a row that ask for something.
    pub(crate) fn conditions<'s>(&'s self, row: &'s Row) -> impl Iterator<Item = &'s [Value]> {
        row.levels.iter().map(|&level| self.levels[level].sets.as_slice()).filter(|sets| !sets.is_empty())
    }
}

/// The way down through nested routes.
struct Walk<'a> {
    server: Server<'a>,
    flat: Flat<'a>,
    groups: usize,
    inside: Vec<usize>,
    named: Vec<&'a str>,
    /// The JSON pointer of what is looked at. With one for each route, deep blocks took the square of their depth.
    pointer: String,
    answers: Answers,
}

impl<'a> Walk<'a> {
    /// Does `work` with the pointer of a part of what is looked at.
    fn below(&mut self, part: std::fmt::Arguments<'_>, work: impl FnOnce(&mut Self)) {
        let end = self.pointer.len();
        // Writing to a text does not fail.
        let _ = self.pointer.write_fmt(part);
        work(self);
        self.pointer.truncate(end);
    }

    fn route(&mut self, route: &'a Value, level: Level, phase: Phase) {
        let number = self.flat.levels.len();
        let start = self.flat.rows.len();
        self.flat.levels.push(level);
        self.inside.push(number);
        let handlers = route.get("handle").and_then(Value::as_array);
        for (index, handler) in handlers.into_iter().flatten().enumerate() {
            self.below(format_args!("/handle/{index}"), |walk| walk.handler(handler, phase));
        }
        self.inside.pop();
        self.flat.levels[number].rows = start..self.flat.rows.len();
    }

    fn handler(&mut self, handler: &'a Value, phase: Phase) {
        match answer::name(handler) {
            "subroute" => {
                for (key, phase) in [("/routes", phase), ("/errors/routes", Phase::Error)] {
                    if let Some(Value::Array(routes)) = handler.pointer(key) {
                        self.below(format_args!("{key}"), |walk| walk.list(routes, phase));
                    }
                }
            }
            "invoke" => {
                let name = handler.get("name").and_then(Value::as_str).unwrap_or("");
                match self.server.named(name) {
                    // A named route may invoke itself; Caddy would turn in circles as well.
                    Some(route) if !self.named.contains(&name) => {
                        self.named.push(name);
                        let pointer = format!("{}/named_routes/{}", self.server.pointer(), escape(name));
                        let outside = std::mem::replace(&mut self.pointer, pointer);
                        let sets = matchers::normal_sets(route);
                        self.route(route, Level::open(sets), phase);
                        self.pointer = outside;
                        self.named.pop();
                    }
                    _ => self.row(handler, phase),
                }
            }
            _ => self.row(handler, phase),
        }
    }

    fn row(&mut self, handler: &'a Value, phase: Phase) {
        self.flat.rows.push(Row {
            arriving: self.inside.len(),
            ends: answer::ends(handler),
            weight: self.inside.iter().map(|&level| self.flat.levels[level].weight).sum(),
            levels: self.inside.clone(),
            handler,
            pointer: self.pointer.clone(),
            phase,
        });
    }

    fn list(&mut self, routes: &'a [Value], phase: Phase) {
        let name = |route: &'a Value| route.get("group").and_then(Value::as_str);
        // A group in which every member but the last answers shuts out nothing that is not shut out anyway.
        let mut last: HashMap<&str, usize> = HashMap::new();
        last.extend(routes.iter().enumerate().filter_map(|(index, route)| Some((name(route)?, index))));
        let mut groups: HashMap<&str, usize> = HashMap::new();
        for (index, route) in routes.iter().enumerate() {
            if let Some(name) = name(route)
                && last.get(name) != Some(&index)
                && !groups.contains_key(name)
                && !self.answers.route(route)
            {
                self.groups += 1;
                groups.insert(name, self.groups);
            }
        }
        for (index, route) in routes.iter().enumerate() {
            let answers = self.answers.route(route);
            let group = name(route).and_then(|name| groups.get(name).copied());
            let last = index + 1 == routes.len();
            let terminal = route.get("terminal").and_then(Value::as_bool) == Some(true) && !last && !answers;
            let sets = matchers::normal_sets(route);
            let level = Level { group, terminal, answers, ..Level::open(sets) };
            self.below(format_args!("/{index}"), |walk| walk.route(route, level, phase));
        }
    }
}
