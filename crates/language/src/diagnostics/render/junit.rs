//! JUnit XML: one suite for each Caddyfile. An error is a test case that failed; a warning or note is one that passed
//! and has something to say; a file without faults is one test case that passed.

use std::fmt::Write;
use std::path::Path;

use super::place::Place;
use super::summary::Counts;
use super::{Report, concise, path};
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::Sources;
use crate::source::shown::{self, markup};

/// All reports as one XML document. Paths become relative to `root`.
pub fn render(reports: &[Report], root: Option<&Path>) -> String {
    let tests: usize = reports.iter().map(tests).sum();
    let failures = Counts::of(reports).errors;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ =
        writeln!(out, "<testsuites name=\"caddyctl validate\" tests=\"{tests}\" failures=\"{failures}\">");
    for report in reports {
        suite(&mut out, report, root);
    }
    out.push_str("</testsuites>\n");
    out
}

/// How many test cases a report makes.
fn tests(report: &Report) -> usize {
    report.diagnostics.len().max(1)
}

fn suite(out: &mut String, report: &Report, root: Option<&Path>) {
    let name = markup::escaped(path::relative(report.name(), root));
    let failures = Counts::of(std::slice::from_ref(report)).errors;
    let _ =
        writeln!(out, "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\">", tests(report));
    if report.diagnostics.is_empty() {
        let _ = writeln!(out, "    <testcase name=\"no findings\" classname=\"{name}\" file=\"{name}\"/>");
    }
    for found in report.diagnostics {
        case(out, found, report, root);
    }
    out.push_str("  </testsuite>\n");
}

fn case(out: &mut String, found: &Diagnostic, report: &Report, root: Option<&Path>) {
    let place = found.primary.as_ref().map(|label| Place::of(report.sources, label.span));
    let file = markup::escaped(path::relative(
        place.as_ref().map_or(report.name(), |place| place.file.name()),
        root,
    ));
    let (line, column) = place.map_or((1, 1), |place| (place.start.line, place.start.column));
    let (id, name) = (found.code.id, found.code.name);
    let suite = markup::escaped(path::relative(report.name(), root));
    let _ = writeln!(
        out,
        "    <testcase name=\"{id} {name} at {file}:{line}:{column}\" classname=\"{suite}\" file=\"{file}\" \
         line=\"{line}\">"
    );
    let text = markup::escaped_lines(&details(found, report.sources));
    if found.severity == Severity::Error {
        let message = markup::escaped(&found.message);
        let _ = writeln!(out, "      <failure type=\"{id}\" message=\"{message}\">{text}</failure>");
    } else {
        let _ = writeln!(out, "      <system-out>{text}</system-out>");
    }
    out.push_str("    </testcase>\n");
}

/// The fault in lines: where and what, then the helps.
fn details(found: &Diagnostic, sources: &Sources) -> String {
    let helps = found.helps.iter().map(|help| format!("\nhelp: {}", shown::line(help)));
    std::iter::once(concise::line(found, sources)).chain(helps).collect()
}
