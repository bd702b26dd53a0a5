//! How much was found, in one line: `3 errors, 1 warning in Caddyfile`.

use super::Report;
use crate::diagnostics::Severity;
use crate::source::shown;

/// The number of diagnostics of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Counts {
    /// What Caddy refuses.
    pub errors: usize,
    /// What is probably not meant.
    pub warnings: usize,
    /// What is worth knowing.
    pub notes: usize,
}

impl Counts {
    /// Counts the diagnostics of all reports.
    pub(crate) fn of(reports: &[Report]) -> Self {
        let mut counts = Self::default();
        for found in reports.iter().flat_map(|report| report.diagnostics) {
            *match found.severity {
                Severity::Error => &mut counts.errors,
                Severity::Warning => &mut counts.warnings,
                Severity::Note => &mut counts.notes,
            } += 1;
        }
        counts
    }
}

/// The summary line, without a line break.
pub fn line(reports: &[Report]) -> String {
    let Counts { errors, warnings, notes } = Counts::of(reports);
    let named = [(errors, "error"), (warnings, "warning"), (notes, "note")];
    let found: Vec<String> =
        named.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| plural(count, name)).collect();
    let at_fault = reports.iter().filter(|report| !report.diagnostics.is_empty()).count();
    let place = match reports {
        [only] => shown::line(only.shown()).into_owned(),
        _ if found.is_empty() || at_fault == reports.len() => plural(reports.len(), "file"),
        _ => format!("{at_fault} of {}", plural(reports.len(), "file")),
    };
    if found.is_empty() {
        format!("no findings in {place}")
    } else {
        format!("{} in {place}", found.join(", "))
    }
}

/// `1 error`, `2 errors`.
fn plural(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}
