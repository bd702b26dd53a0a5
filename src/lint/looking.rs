//! Lets rules look at sites, some of them at a time.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::file::File;
use super::rule::{Check, Rule};
use super::seen::{Lint, Whole};
use super::suppress;
use super::tree::{Directive, Site};
use crate::diagnostics::Diagnostic;
use crate::expand::Block;
use crate::syntax::{Word, beside};

/// How many sites are looked at together: few enough to stay in the processor's own memory.
const PART: usize = 32;

/// Rules, and what they look at.
pub(super) struct Looking<'a> {
    pub(super) file: &'a File<'a>,
    pub(super) options: &'a [Directive<'a>],
    pub(super) named_routes: &'a [Directive<'a>],
    pub(super) blocks: &'a [&'a Block],
    pub(super) others: &'a [Vec<Word>],
    pub(super) rules: &'a [&'a Rule],
}

/// Some sites in a row, and what was found there.
struct Part<'a> {
    number: usize,
    sites: Vec<Site<'a>>,
    found: Vec<Diagnostic>,
}

impl<'a> Looking<'a> {
    /// What the rules find, in any order, but that of one rule is in the order of the sites. Two threads take one part
    /// after the other if it is to be done `apart`, this one after `first`.
    pub(super) fn all<T>(&self, apart: bool, first: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
        let next = AtomicUsize::new(0);
        let work = || {
            let parts = std::iter::from_fn(|| self.part(next.fetch_add(1, Relaxed)));
            parts.collect::<Vec<Part>>()
        };
        let here = || (first(), work());
        let (other, (first, mut parts)) = if apart { beside(work, here) } else { (None, here()) };
        parts.extend(other.into_iter().flatten());
        parts.sort_by_key(|part| part.number);
        let (mut sites, mut found) = (Vec::with_capacity(self.blocks.len() + self.others.len()), Vec::new());
        for mut part in parts {
            sites.append(&mut part.sites);
            found.append(&mut part.found);
        }
        let (options, named_routes) = (self.options, self.named_routes);
        let whole = Whole { sites: &sites, named_routes, options, file: self.file };
        for rule in self.rules {
            if let Check::Whole(check) = rule.check {
                self.look(rule, &mut found, |found| check(&whole, found));
            }
        }
        (first, found)
    }

    /// The part of this number, looked at by the rules that look at each site by itself. There is at least one.
    fn part(&self, number: usize) -> Option<Part<'a>> {
        let last = self.blocks.len().div_ceil(PART).saturating_sub(1);
        if number > last {
            return None;
        }
        let blocks = self.blocks.chunks(PART).nth(number).unwrap_or_default();
        let mut sites: Vec<Site> = blocks.iter().map(|block| Site::read(block)).collect();
        if number == last {
            sites.extend(self.others.iter().map(|keys| Site::at(keys)));
        }
        let mut found = Vec::new();
        let lint = Lint::new(Whole {
            sites: &sites,
            named_routes: if number == last { self.named_routes } else { &[] },
            options: if number == 0 { self.options } else { &[] },
            file: self.file,
        });
        for rule in self.rules {
            if let Check::Each(check) = rule.check {
                self.look(rule, &mut found, |found| check(&lint, found));
            }
        }
        Some(Part { number, sites, found })
    }

    /// Lets `rule` look with `check`; what is allowed is left out.
    fn look(&self, rule: &Rule, found: &mut Vec<Diagnostic>, check: impl FnOnce(&mut Vec<Diagnostic>)) {
        let mut own = Vec::new();
        check(&mut own);
        debug_assert!(own.iter().all(|d| d.code == rule.code), "{} reports under its own code", rule.code.id);
        own.retain(|finding| !suppress::is_allowed(finding, self.file.sources));
        found.append(&mut own);
    }
}
