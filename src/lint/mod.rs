//! What Caddy accepts and the user did not mean. One rule a file under `rules/`; each says what it finds, why that
//! matters, what to write instead, and when to leave it.

mod answer;
mod condition;
mod field;
mod file;
pub mod fix;
mod level;
pub(crate) mod pattern;
mod reach;
mod rule;
mod rules;
mod seen;
pub mod settings;
mod suppress;
mod tree;
mod upstream;

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::compile::Compilation;
use crate::diagnostics::Diagnostic;
use crate::expand::{Block, BlockKind};
use crate::syntax::{Word, beside, is_worth_a_thread};

pub use answer::Answer;
pub use condition::{Condition, Cover, Test};
pub use file::File;
pub use level::{Level, Levels, Run};
pub use rule::{Check, Rule};
pub use rules::ALL;
pub use seen::{Lint, Whole};
pub use tree::{Directive, Site, Walk};

/// The rule with this code or name.
pub fn find(wanted: &str) -> Option<&'static Rule> {
    ALL.iter()
        .copied()
        .find(|rule| rule.code.id.eq_ignore_ascii_case(wanted) || rule.code.name.eq_ignore_ascii_case(wanted))
}

/// What the rules for which `selected` holds find in a file that Caddy accepts, in the order of the text. Findings that a
/// comment `# caddyctl: allow CODE reason` on their line or the one above allows are left out.
pub fn lint(compilation: &Compilation, selected: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    look(compilation, &[], selected, || ()).1
}

/// The same, and what comes of `first`, which is done here while another thread looks already, where that pays.
pub fn lint_beside<T>(
    compilation: &Compilation,
    selected: impl Fn(&Rule) -> bool,
    first: impl FnOnce() -> T,
) -> (T, Vec<Diagnostic>) {
    look(compilation, &[], selected, first)
}

/// What [`lint`] finds in the company of other sites, of which only the addresses are known.
pub(crate) fn lint_among(
    compilation: &Compilation,
    others: &[Vec<Word>],
    selected: impl Fn(&Rule) -> bool,
) -> Vec<Diagnostic> {
    look(compilation, others, selected, || ()).1
}

fn look<T>(
    compilation: &Compilation,
    others: &[Vec<Word>],
    selected: impl Fn(&Rule) -> bool,
    first: impl FnOnce() -> T,
) -> (T, Vec<Diagnostic>) {
    // When Caddy refuses the file, its faults are enough.
    let Some(config) = &compilation.config else { return (first(), Vec::new()) };
    let (mut options, mut named_routes, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
    for block in &compilation.blocks {
        match block.kind {
            BlockKind::NamedRoute => named_routes.extend(tree::directives(block)),
            BlockKind::Site if block.keys.is_empty() => options.extend(tree::directives(block)),
            BlockKind::Site => blocks.push(block),
        }
    }
    let looking = Looking {
        file: &File::new(compilation, config, &options),
        options: &options,
        named_routes: &named_routes,
        blocks: &blocks,
        others,
        rules: &ALL.iter().copied().filter(|rule| selected(rule)).collect::<Vec<_>>(),
    };
    let size = compilation.sources.iter().map(|(_, file)| file.text().len()).sum();
    let (first, mut found) = looking.all(is_worth_a_thread(size), first);
    let place =
        |finding: &Diagnostic| finding.primary.as_ref().map(|label| (label.span.file, label.span.start));
    found.sort_by(|a, b| {
        let place = place(a).cmp(&place(b)).then_with(|| a.code.cmp(&b.code));
        place.then_with(|| a.message.cmp(&b.message)).then_with(|| b.severity.cmp(&a.severity))
    });
    // What stands in a snippet is said once, at its worst, not for each import.
    found.dedup_by(|a, b| a.code == b.code && a.message == b.message && a.primary == b.primary);
    (first, found)
}

/// How many sites are looked at together: few enough to stay in the processor's own memory.
const PART: usize = 32;

/// Rules, and what they look at.
struct Looking<'a> {
    file: &'a File<'a>,
    options: &'a [Directive<'a>],
    named_routes: &'a [Directive<'a>],
    blocks: &'a [&'a Block],
    others: &'a [Vec<Word>],
    rules: &'a [&'a Rule],
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
    fn all<T>(&self, apart: bool, first: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
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

/// Whether a finding is told for the first of several places only, so that it goes to another when that one is mended.
pub(crate) fn is_said_once(found: &Diagnostic) -> bool {
    found.code == rules::FIRST_ONLY
}
