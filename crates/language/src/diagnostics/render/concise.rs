//! One line for each fault, `Caddyfile:3:2: error[E0201]: message`, as editors and `grep` read it; then the summary.

use super::place::Place;
use super::{Report, summary};
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::Sources;
use crate::source::shown::{self, runner};

/// All faults, one a line, and the summary line.
pub fn render(reports: &[Report]) -> String {
    let mut out = String::new();
    for report in reports {
        for found in report.diagnostics {
            out.push_str(&line(found, report.sources));
            out.push('\n');
        }
    }
    out.push_str(&summary::line(reports));
    out.push('\n');
    runner::disarmed(out.into()).into_owned()
}

/// The line of one fault, without a line break.
pub(crate) fn line(found: &Diagnostic, sources: &Sources) -> String {
    let Diagnostic { code, message, .. } = found;
    format!(
        "{}: {}[{}]: {}",
        where_it_is(found, sources),
        word(found.severity),
        code.id,
        shown::line(message)
    )
}

/// `file:line:column`, or the main file's name for a fault of the whole input.
fn where_it_is(found: &Diagnostic, sources: &Sources) -> String {
    match &found.primary {
        Some(label) => {
            let place = Place::of(sources, label.span);
            format!("{}:{}:{}", shown::line(place.file.shown()), place.start.line, place.start.column)
        }
        None => shown::line(Report { sources, diagnostics: &[] }.name()).into_owned(),
    }
}

/// `error`, `warning` or `note`.
pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
