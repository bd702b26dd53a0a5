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

use crate::compile::Compilation;
use crate::diagnostics::Diagnostic;

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
    // When Caddy refuses the file, its faults are enough.
    let Some(config) = &compilation.config else { return Vec::new() };
    let tree = Tree::read(&compilation.blocks);
    let lint = Lint::new(compilation, config, &tree);
    let mut found = Vec::new();
    for rule in ALL.iter().filter(|rule| selected(rule)) {
        let from = found.len();
        (rule.check)(&lint, &mut found);
        debug_assert!(
            found[from..].iter().all(|d| d.code == rule.code),
            "{} reports under its own code",
            rule.code.id
        );
    }
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
