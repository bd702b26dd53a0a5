//! Reviewdog's diagnostic format `rdjson` (reviewdog's repository, "Reviewdog Diagnostic Format"). Its columns count bytes
//! from 1, unlike those of the other formats.

use std::path::Path;

use serde::Serialize;

use super::place::Place;
use super::{Report, document, path};
use crate::diagnostics::{Diagnostic, Edit, Severity};
use crate::source::shown;
use crate::source::{SourceFile, Sources};

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    severity: &'static str,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Entry<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Name<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Name<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

/// All findings as one JSON document. Paths become relative to `root`, which should be the repository.
pub fn render(reports: &[Report], root: Option<&Path>) -> String {
    let each = reports.iter().copied().flat_map(Report::each);
    let main = |sources| Report { sources, diagnostics: &[] }.name();
    document(&Document {
        source: Source { name: "caddyctl" },
        severity: "ERROR",
        diagnostics: each.map(|(found, sources)| entry(found, sources, main(sources), root)).collect(),
    })
}

fn entry<'a>(found: &'a Diagnostic, sources: &'a Sources, main: &'a str, root: Option<&Path>) -> Entry<'a> {
    let place = found.primary.as_ref().map(|label| Place::of(sources, label.span));
    let name = place.as_ref().map_or(main, |place| place.file.name());
    let helps = found.helps.iter().map(|help| format!("\nhelp: {}", shown::line(help)));
    // A suggestion has no path of its own: it belongs to the file of the finding.
    let here = |edit: &&Edit| sources.file(edit.span.file).name() == name;
    Entry {
        message: std::iter::once(shown::line(&found.message).into_owned()).chain(helps).collect(),
        location: Location { path: path::relative(name, root), range: place.as_ref().map(range) },
        severity: match found.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Note => "INFO",
        },
        code: Name { value: found.code.id },
        suggestions: found.edits.iter().filter(here).map(|edit| suggestion(edit, sources)).collect(),
    }
}

fn suggestion<'a>(edit: &'a Edit, sources: &Sources) -> Suggestion<'a> {
    Suggestion { range: range(&Place::exactly(sources, edit.span)), text: &edit.replacement }
}

fn range(place: &Place) -> Range {
    Range { start: point(place.file, place.range.start), end: point(place.file, place.range.end) }
}

/// The line and the column in bytes of an offset in the text.
fn point(file: &SourceFile, offset: usize) -> Point {
    let before = &file.text()[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    Point { line: file.position(offset).line, column: offset - start + 1 }
}
