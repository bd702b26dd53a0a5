//! What Caddy accepts and the user did not mean. One rule a file under `rules/`; each says what it finds, why that
//! matters, what to write instead, and when to leave it.

mod answer;
mod condition;
mod field;
mod file;
pub mod fix;
mod level;
mod partial;
pub(crate) mod pattern;
mod reach;
mod rule;
mod rules;
mod seen;
pub mod settings;
pub mod suppress;
mod tree;
mod upstream;

use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Applicability, Code, Diagnostic};
use caddyctl_language::expand::BlockKind;
use caddyctl_language::syntax::Word;

pub(crate) use answer::{Answer, of_block};
pub(crate) use condition::{Condition, Test};
pub(crate) use file::File;
use level::takes_matcher;
pub(crate) use level::{Level, Levels};
use partial::Partial;
pub use partial::{Skipped, skipped};
pub(crate) use rule::Check;
pub use rule::Rule;
pub use rules::all;
pub(crate) use seen::{Lint, Whole};
use suppress::Suppressions;
pub(crate) use tree::{Directive, Site, Walk};

/// Whether only the preset `strict` has the rule of this code.
pub fn is_strict(code: Code) -> bool {
    rules::STRICT.contains(&code)
}

/// Who may carry out the edits of a rule's findings; `None` if they have none.
pub fn fixability(rule: &Rule) -> Option<Applicability> {
    if rules::SAFE.contains(&rule.code.id) {
        Some(Applicability::Safe)
    } else {
        rules::UNSAFE.contains(&rule.code.id).then_some(Applicability::Unsafe)
    }
}

/// The rule with this code or name.
pub fn find(wanted: &str) -> Option<&'static Rule> {
    all()
        .find(|rule| rule.code.id.eq_ignore_ascii_case(wanted) || rule.code.name.eq_ignore_ascii_case(wanted))
}

/// What the rules for which `selected` holds find, in the order of the text. Of a file with errors they look at what
/// compiles; [`skipped`] says what they did not look at. Findings that a comment `# caddyctl: allow CODE reason` on their line or the one above allows are left out.
pub fn lint(compilation: &Compilation, selected: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    lint_among(compilation, &[], selected)
}

/// What the rules find before comments allow some of it.
pub fn lint_all(compilation: &Compilation, selected: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    unsuppressed(compilation, &[], selected)
}

/// What [`lint`] finds in the company of other sites, of which only the addresses are known.
pub(crate) fn lint_among(
    compilation: &Compilation,
    others: &[Vec<Word>],
    selected: impl Fn(&Rule) -> bool,
) -> Vec<Diagnostic> {
    let mut found = unsuppressed(compilation, others, selected);
    if !found.is_empty() {
        let mut comments = Suppressions::of(&compilation.sources);
        found.retain(|finding| !comments.allow(finding, &compilation.sources));
    }
    found
}

fn unsuppressed(
    compilation: &Compilation,
    others: &[Vec<Word>],
    selected: impl Fn(&Rule) -> bool,
) -> Vec<Diagnostic> {
    // Where braces are at fault, nobody knows what belongs where.
    if compilation.checkable().is_none() {
        return Vec::new();
    }
    let directives = &compilation.directives;
    let (mut options, mut named_routes, mut sites) = (Vec::new(), Vec::new(), Vec::new());
    for block in &compilation.blocks {
        match block.kind {
            BlockKind::NamedRoute => named_routes.extend(tree::directives(block, directives)),
            BlockKind::Site if block.keys.is_empty() => options.extend(tree::directives(block, directives)),
            BlockKind::Site => sites.push(Site::read(block, directives)),
        }
    }
    sites.extend(others.iter().map(|keys| Site::at(keys)));
    let file = File::new(compilation, &options);
    let whole = Whole { sites: &sites, named_routes: &named_routes, options: &options, file: &file };
    let lint = Lint::new(whole);
    let mut found = Vec::new();
    for rule in all().filter(|rule| selected(rule)) {
        let first = found.len();
        match rule.check {
            Check::Each(check) => check(&lint, &mut found),
            Check::Whole(check) => check(&whole, &mut found),
        }
        debug_assert!(
            found[first..].iter().all(|found| found.code == rule.code),
            "{} reports under its own code",
            rule.code.id
        );
    }
    if let Some(partial) = Partial::of(compilation, Some(&lint)) {
        found.retain(|finding| partial.keeps(finding));
    }
    let place =
        |finding: &Diagnostic| finding.primary.as_ref().map(|label| (label.span.file, label.span.start));
    found.sort_by(|a, b| {
        let place = place(a).cmp(&place(b));
        place.then_with(|| a.identity().cmp(&b.identity())).then_with(|| b.severity.cmp(&a.severity))
    });
    // A finding in a snippet is reported once, at its highest severity, not for each import.
    found.dedup_by(|a, b| a.identity() == b.identity() && a.primary == b.primary);
    found
}

/// Whether a rule reports only the first of several places, so that the next one is reported when that one is fixed.
pub(crate) fn is_reported_once(found: &Diagnostic) -> bool {
    found.code == rules::FIRST_ONLY
}
