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

use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::expand::BlockKind;
use caddyctl_language::syntax::Word;

pub(crate) use answer::{Answer, of_block};
pub(crate) use condition::{Condition, Test};
pub(crate) use file::File;
use level::takes_matcher;
pub(crate) use level::{Level, Levels};
pub(crate) use rule::Check;
pub use rule::Rule;
pub use rules::all;
pub(crate) use seen::{Lint, Whole};
pub(crate) use tree::{Directive, Site, Walk};

/// The rule with this code or name.
pub fn find(wanted: &str) -> Option<&'static Rule> {
    all()
        .find(|rule| rule.code.id.eq_ignore_ascii_case(wanted) || rule.code.name.eq_ignore_ascii_case(wanted))
}

/// What the rules for which `selected` holds find in a file that Caddy accepts, in the order of the text. Findings that a
/// comment `# caddyctl: allow CODE reason` on their line or the one above allows are left out.
pub fn lint(compilation: &Compilation, selected: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    lint_among(compilation, &[], selected)
}

/// What [`lint`] finds in the company of other sites, of which only the addresses are known.
pub(crate) fn lint_among(
    compilation: &Compilation,
    others: &[Vec<Word>],
    selected: impl Fn(&Rule) -> bool,
) -> Vec<Diagnostic> {
    // When Caddy refuses the file, its errors are enough.
    if !compilation.is_ok() {
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
    found.retain(|finding| !suppress::is_allowed(finding, &compilation.sources));
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
