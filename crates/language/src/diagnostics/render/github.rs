//! GitHub workflow commands, which become annotations on the changed lines (GitHub's documentation, "Workflow commands
//! for GitHub Actions").

use std::fmt::Write;
use std::path::Path;

use super::place::Place;
use super::{Report, concise, path, summary};
use crate::diagnostics::{Diagnostic, SettingsFile, Severity};
use crate::source::Sources;
use crate::source::shown::{self, runner};

/// GitHub shows so many annotations of one level for a step, and drops the rest.
const SHOWN: usize = 10;

/// All faults, the worst first: ten of each level as annotations, the rest as lines of the log, then the summary.
/// Paths become relative to `root`, which should be the repository.
pub fn render(reports: &[Report], root: Option<&Path>) -> String {
    render_run(reports, root, &[])
}

/// The same, behind a notice for each file of settings that left something out.
pub fn render_run(reports: &[Report], root: Option<&Path>, settings: &[SettingsFile]) -> String {
    let mut out = String::new();
    for file in settings {
        let name = runner::github_property(&shown::line(path::relative(&file.path, root)));
        let _ = writeln!(
            out,
            "::notice file={name},title=settings::{}",
            runner::github_data(&shown::line(&file.sentence()))
        );
    }
    let mut left_over = String::new();
    let mut left_out = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let all = reports.iter().copied().flat_map(Report::each);
        for (nth, (found, sources)) in all.filter(|(found, _)| found.severity == severity).enumerate() {
            if nth < SHOWN {
                out.push_str(&command(found, sources, root));
            } else {
                left_out += 1;
                left_over.push_str(&log_line(found, sources));
            }
        }
    }
    out.push_str(&left_over);
    out.push_str(&summary::line(reports));
    if left_out > 0 {
        let _ =
            write!(out, " ({left_out} of them without an annotation: GitHub shows {SHOWN} of each level)");
    }
    out.push('\n');
    out
}

/// A line of the log. It starts with the severity, since a line that starts with `::` would be a command.
fn log_line(found: &Diagnostic, sources: &Sources) -> String {
    format!("{}: {}\n", concise::word(found.severity), concise::line(found, sources))
}

/// The workflow command of one fault.
fn command(found: &Diagnostic, sources: &Sources, root: Option<&Path>) -> String {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let main = Report { sources, diagnostics: &[] }.name();
    let place = found.primary.as_ref().map(|label| Place::of(sources, label.span));
    let name = path::relative(place.as_ref().map_or(main, |place| place.file.name()), root);
    let mut out = format!("::{level} file={}", runner::github_property(&shown::line(name)));
    if let Some(Place { start, end, .. }) = place {
        let _ = write!(out, ",line={},endLine={}", start.line, end.line);
        // GitHub takes columns only when they lie on one line.
        if start.line == end.line {
            let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
        }
    }
    let title = format!("{} {}", found.code.id, found.code.name);
    let helps = found.helps.iter().map(|help| format!("\nhelp: {}", shown::line(help)));
    let message: String = std::iter::once(shown::line(&found.message).into_owned()).chain(helps).collect();
    let _ = writeln!(out, ",title={}::{}", runner::github_property(&title), runner::github_data(&message));
    out
}
