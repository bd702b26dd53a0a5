//! One JSON document, for programs:
//!
//! ```json
//! {
//!   "version": 1,
//!   "files": ["Caddyfile"],
//!   "diagnostics": [
//!     {
//!       "code": "E0201", "name": "unknown-directive", "severity": "error", "message": "…",
//!       "place": { "file": "Caddyfile", "start": {"line": 2, "column": 2, "offset": 13}, "end": {…}, "text": "…" },
//!       "secondary": [ { place } ],
//!       "helps": ["…"],
//!       "edits": [ { place, with "text" the replacement, "safe": true } ],
//!       "trail": [ { place, with "text" what was imported } ]
//!     }
//!   ],
//!   "summary": { "errors": 1, "warnings": 0, "notes": 0 },
//!   "settings": [ { "file": "caddyctl.toml", "rules": 27, "in_some_files": 0, "lowered": 1 } ]
//! }
//! ```
//!
//! `place` is null for a fault of a whole file. `settings` are the files that switch rules off, and is left out without any. Offsets are bytes from 0; lines and columns count from 1. Fields are
//! only ever added; `version` changes when one changes its meaning.

use serde::Serialize;

use super::place::Place;
use super::summary::Counts;
use super::{Report, concise, document};
use crate::diagnostics::{Applicability, Diagnostic, Edit, LeftOut, SettingsFile};
use crate::source::{Position, Sources, Span};

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    files: Vec<&'a str>,
    diagnostics: Vec<Entry<'a>>,
    summary: Counts,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    settings: Vec<Settings<'a>>,
}

#[derive(Serialize)]
struct Settings<'a> {
    file: &'a str,
    #[serde(flatten)]
    left_out: LeftOut,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    message: &'a str,
    place: Option<Where<'a>>,
    secondary: Vec<Where<'a>>,
    helps: &'a [String],
    edits: Vec<Change<'a>>,
    trail: Vec<Where<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    #[serde(flatten)]
    place: Where<'a>,
    safe: bool,
    applicability: &'static str,
}

#[derive(Serialize)]
struct Where<'a> {
    file: &'a str,
    start: Point,
    end: Point,
    text: &'a str,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: usize,
}

/// All faults as one JSON document.
pub fn render(reports: &[Report]) -> String {
    render_run(reports, &[])
}

/// The same, with the settings that left something out.
pub fn render_run(reports: &[Report], settings: &[SettingsFile]) -> String {
    let diagnostics = reports.iter().copied().flat_map(Report::each);
    document(&Document {
        version: 1,
        files: reports.iter().map(Report::name).collect(),
        diagnostics: diagnostics.map(|(found, sources)| entry(found, sources)).collect(),
        summary: Counts::of(reports),
        settings: settings
            .iter()
            .map(|file| Settings { file: &file.path, left_out: file.left_out })
            .collect(),
    })
}

fn entry<'a>(found: &'a Diagnostic, sources: &'a Sources) -> Entry<'a> {
    let at = |span, text| place(sources, span, text);
    Entry {
        code: found.code.id,
        name: found.code.name,
        severity: concise::word(found.severity),
        message: &found.message,
        place: found.primary.as_ref().map(|label| at(label.span, label.text.as_str())),
        secondary: found.secondary.iter().map(|label| at(label.span, &label.text)).collect(),
        helps: &found.helps,
        edits: found.edits.iter().map(|edit| change(edit, sources)).collect(),
        trail: found.trail.iter().map(|frame| at(frame.span, &frame.what)).collect(),
    }
}

fn change<'a>(edit: &'a Edit, sources: &'a Sources) -> Change<'a> {
    Change {
        place: shown(Place::exactly(sources, edit.span), &edit.replacement),
        safe: edit.is_safe(),
        applicability: match edit.applicability {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
            Applicability::Guess => "guess",
        },
    }
}

fn place<'a>(sources: &'a Sources, span: Span, text: &'a str) -> Where<'a> {
    shown(Place::of(sources, span), text)
}

fn shown<'a>(place: Place<'a>, text: &'a str) -> Where<'a> {
    let Place { file, range, start, end } = place;
    Where { file: file.name(), start: point(start, range.start), end: point(end, range.end), text }
}

fn point(Position { line, column }: Position, offset: usize) -> Point {
    Point { line, column, offset }
}
