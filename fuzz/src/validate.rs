//! Everything that `validate` finds, in every form of output, and what its edits make of the text.

use caddyctl_analysis::check;
use caddyctl_analysis::lint::{self, fix::fix};
use caddyctl_language::diagnostics::render::{
    Report, concise, full, github, gitlab, json, junit, sarif, summary,
};
use caddyctl_language::diagnostics::{Applicability, Diagnostic};

use super::case::Case;
use super::output;

/// Finds, renders and fixes.
pub fn run(data: &[u8]) {
    let case = Case::of(data);
    let mut compilation = case.compile();
    output::is_sound(&compilation);
    let mut found: Vec<Diagnostic> = check::of(&compilation, None);
    found.extend(lint::lint(&compilation, |_| true));
    compilation.diagnostics.extend(found);
    check::name_unset_first(&compilation.sources, &mut compilation.diagnostics);
    for found in &compilation.diagnostics {
        output::has_places(found, &compilation.sources);
    }
    let reports = [Report { sources: &compilation.sources, diagnostics: &compilation.diagnostics }];
    let _ = (full::render(&reports, true), github::render(&reports, None));
    output::is_plain(&full::render(&reports, false));
    output::is_plain(&summary::line(&reports));
    output::is_plain(&junit::render(&reports, None));
    let lines = concise::render(&reports);
    assert!(lines.lines().count() <= compilation.diagnostics.len() + 1, "one line for each finding: {lines}");
    output::is_plain(&lines);
    output::is_json(&json::render(&reports));
    output::is_json(&gitlab::render(&reports, None));
    output::is_json(&sarif::render(&reports, None, &[]));
    for most in [Applicability::Safe, Applicability::Unsafe] {
        for (file, fixed) in fix(&compilation.sources, &compilation.diagnostics, most) {
            // The Caddyfile is the first of the sources.
            if compilation.sources.iter().next().is_some_and(|(first, _)| first == file) {
                let again = case.compile_text(fixed.text.as_bytes());
                output::is_sound(&again);
                let was_ok = compilation.is_ok();
                assert!(
                    most > Applicability::Safe || !was_ok || again.is_ok(),
                    "a safe edit breaks nothing: {}",
                    fixed.text
                );
            }
        }
    }
}
