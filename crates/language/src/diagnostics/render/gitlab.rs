//! A GitLab code quality report: a JSON array (GitLab's documentation, "Code Quality", "Code Quality report format").

use std::path::Path;

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::place::Place;
use super::{Report, document, path};
use crate::diagnostics::Severity;
use crate::source::shown;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// All faults as a JSON array. Paths become relative to `root`, which should be the repository.
pub fn render(reports: &[Report], root: Option<&Path>) -> String {
    let mut fingerprints = Fingerprints::default();
    let mut issues = Vec::new();
    for Report { sources, diagnostics } in reports {
        for found in *diagnostics {
            let place = found.primary.as_ref().map(|label| Place::of(sources, label.span));
            let main = Report { sources, diagnostics: &[] }.name();
            let name = path::relative(place.as_ref().map_or(main, |place| place.file.name()), root);
            let lines = place.map_or((1, 1), |place| (place.start.line, place.end.line));
            issues.push(Issue {
                description: format!("{} ({})", shown::line(&found.message), found.code.id),
                check_name: found.code.name,
                fingerprint: fingerprints.next(found, sources, name),
                severity: severity(found.severity),
                location: Location { path: name, lines: Lines { begin: lines.0, end: lines.1 } },
            });
        }
    }
    document(&issues)
}

/// GitLab's own five levels, of which `blocker` and `major` are left to others.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
