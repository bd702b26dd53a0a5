//! What Caddy accepts and the user did not mean. One rule a file under `rules/`; each says what it finds, why that
//! matters, what to write instead, and when to leave it.

mod answer;
mod condition;
mod field;
mod file;
pub mod fix;
mod level;
mod looking;
pub(crate) mod pattern;
mod reach;
mod rule;
mod rules;
mod seen;
pub mod settings;
mod suppress;
mod tree;
mod upstream;

use self::looking::Looking;
use crate::compile::Compilation;
use crate::diagnostics::Diagnostic;
use crate::expand::BlockKind;
use crate::syntax::{Word, is_worth_a_thread};

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

/// Whether a finding is told for the first of several places only, so that it goes to another when that one is mended.
pub(crate) fn is_said_once(found: &Diagnostic) -> bool {
    found.code == rules::FIRST_ONLY
}
