//! What Caddy accepts and the user did not mean. One rule a file under `rules/`; each says what it finds, why that
//! matters, what to write instead, and when to leave it.

mod answer;
mod condition;
mod level;
pub(crate) mod pattern;
mod field;
pub mod fix;
mod reach;
mod rule;
mod rules;
pub mod settings;
mod suppress;
mod tree;
mod upstream;

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use crate::compile::Compilation;
use crate::diagnostics::Diagnostic;
use crate::syntax::{Word, is_worth_a_thread, start, wait_for};

pub use answer::Answer;
pub use condition::{Condition, Cover, Test};
pub use level::{Level, Levels, Run};
pub use rule::{Lint, Rule};
pub use rules::ALL;
pub use tree::{Directive, Site, Tree, Walk};

/// The rule with this code or name.
pub fn find(wanted: &str) -> Option<&'static Rule> {
    ALL.iter()
        .copied()
        .find(|rule| rule.code.id.eq_ignore_ascii_case(wanted) || rule.code.name.eq_ignore_ascii_case(wanted))
}

/// What the rules for which `selected` holds find in a file that Caddy accepts, in the order of the text. Findings that a
/// comment `# caddyctl: allow CODE reason` on their line or the one above allows are left out.
pub fn lint(compilation: &Compilation, selected: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    lint_among(compilation, &[], selected)
}

/// The same in the company of other sites, of which only the addresses are known.
pub(crate) fn lint_among(
    compilation: &Compilation,
    others: &[Vec<Word>],
    selected: impl Fn(&Rule) -> bool,
) -> Vec<Diagnostic> {
    // When Caddy refuses the file, its faults are enough.
    let Some(config) = &compilation.config else { return Vec::new() };
    let mut tree = Tree::read(&compilation.blocks);
    tree.sites.extend(others.iter().map(|keys| Site::new(keys, Vec::new())));
    let lint = Lint::new(compilation, config, &tree);
    let rules: Vec<&Rule> = ALL.iter().copied().filter(|rule| selected(rule)).collect();
    let size = compilation.sources.iter().map(|(_, file)| file.text().len()).sum();
    let mut found = findings(&lint, &rules, is_worth_a_thread(size));
    found.retain(|finding| !suppress::is_allowed(finding, &compilation.sources));
    let place =
        |finding: &Diagnostic| finding.primary.as_ref().map(|label| (label.span.file, label.span.start));
    found.sort_by(|a, b| {
        let place = place(a).cmp(&place(b)).then_with(|| a.code.cmp(&b.code));
        place.then_with(|| a.message.cmp(&b.message)).then_with(|| b.severity.cmp(&a.severity))
    });
    // What stands in a snippet is said once, at its worst, not for each import.
    found.dedup_by(|a, b| a.code == b.code && a.message == b.message && a.primary == b.primary);
    found
}

/// What `rules` find, in any order. Two threads take one rule after the other if it is to be done `apart`.
fn findings(lint: &Lint, rules: &[&Rule], apart: bool) -> Vec<Diagnostic> {
    let next = AtomicUsize::new(0);
    let look = || {
        let mut found = Vec::new();
        while let Some(rule) = rules.get(next.fetch_add(1, Relaxed)) {
            let from = found.len();
            (rule.check)(lint, &mut found);
            debug_assert!(
                found[from..].iter().all(|d| d.code == rule.code),
                "{} reports under its own code",
                rule.code.id
            );
        }
        found
    };
    thread::scope(|scope| {
        let other = apart.then(|| start(scope, look)).flatten();
        let mut found = look();
        if let Some(other) = other {
            found.append(&mut wait_for(other));
        }
        found
    })
}

/// Whether a finding is told for the first of several places only, so that it goes to another when that one is mended.
pub(crate) fn is_said_once(found: &Diagnostic) -> bool {
    found.code == rules::FIRST_ONLY
}
