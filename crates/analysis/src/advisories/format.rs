//! Verdicts as text, JSON, Markdown and diagnostics.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Advisory, Concern, Edit, Place, Repaired, Verdict};
use caddyctl_language::diagnostics::render::sarif::LintRule;
use caddyctl_language::diagnostics::{Code, Diagnostic, Label, Severity};
use caddyctl_language::source::shown::line;
use caddyctl_language::source::shown::markdown::{cell_code, prose};
use caddyctl_language::source::{Sources, Span};

/// Places that text and Markdown name of one advisory.
const MOST: usize = 10;

/// Where an advisory was repaired, in a word for programs.
fn repaired(advisory: &Advisory) -> &'static str {
    match advisory.repaired {
        Repaired::Adapter => "adapter",
        Repaired::Server => "server",
        Repaired::JsonOnly => "json-only",
    }
}

fn concern(verdict: &Verdict) -> &'static str {
    match verdict.concern {
        Concern::Yes => "yes",
        Concern::Possible => "possible",
        Concern::No => "no",
    }
}

/// File and line of a place, or its pointer in bare JSON; `None` for what a Caddyfile leaves out.
fn place(place: &Place, sources: &Sources) -> Option<String> {
    if let Some(at) = crate::routes::place(sources, place.span) {
        return Some(at);
    }
    place.pointer.clone().filter(|_| sources.iter().next().is_none())
}

fn places(verdict: &Verdict, sources: &Sources) -> String {
    let mut all: Vec<String> = verdict.places.iter().filter_map(|at| place(at, sources)).collect();
    all.dedup();
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    if more > 0 {
        all.push(format!("{more} more"));
    }
    all.join(", ")
}

/// For people: first what concerns the configuration, then the others with the reason.
pub fn text(verdicts: &[Verdict], sources: &Sources) -> String {
    let mut out = String::new();
    let (concerned, others): (Vec<_>, Vec<_>) =
        verdicts.iter().partition(|verdict| verdict.concern != Concern::No);
    for verdict in &concerned {
        let advisory = verdict.advisory;
        let heading = if verdict.concern == Concern::Yes {
            "concerns this file"
        } else {
            "possibly concerns this file"
        };
        let _ = writeln!(out, "{} {heading}: {}", names(advisory), advisory.title);
        let at = places(verdict, sources);
        if !at.is_empty() {
            let _ = writeln!(out, "  at: {at}");
        }
        let _ = writeln!(out, "  why: {}", verdict.why);
        let _ = writeln!(out, "  example: {}", advisory.witness);
        let _ = writeln!(
            out,
            "  repaired in: {}",
            advisory.fixed_in.map_or("no version yet".to_owned(), |fixed| fixed.to_string())
        );
        let _ = writeln!(out, "  on older versions: {}", advisory.remedy);
        for edit in &verdict.edits {
            let at = crate::routes::place(sources, Some(edit.span)).unwrap_or_default();
            let (old, new) = (line(sources.text(edit.span).trim()), line(&edit.replacement));
            let _ = match edit.replacement.as_str() {
                "" => writeln!(out, "    {at}: delete `{old}`"),
                _ => writeln!(out, "    {at}: `{old}` becomes `{new}`"),
            };
        }
        out.push('\n');
    }
    for verdict in &others {
        let _ = writeln!(out, "{} does not, because {}", verdict.advisory.id, verdict.why);
    }
    let count = concerned.len();
    let _ = writeln!(out, "\n{count} of {} advisories concern this file", verdicts.len());
    out
}

/// The number of an advisory with its others.
fn names(advisory: &Advisory) -> String {
    match advisory.aliases {
        [] => advisory.id.to_owned(),
        aliases => format!("{} ({})", advisory.id, aliases.join(", ")),
    }
}

/// A list of all advisories, for people.
pub fn list<'a>(all: impl Iterator<Item = &'a Advisory>) -> String {
    let row =
        |advisory: &Advisory| format!("{:28} {} [{}]\n", advisory.id, advisory.title, advisory.versions());
    all.map(row).collect()
}

/// A table of all advisories in Markdown.
pub fn table<'a>(all: impl Iterator<Item = &'a Advisory>) -> String {
    let mut out = "| advisory | what | versions |\n|---|---|---|\n".to_owned();
    for advisory in all {
        let title = advisory.title.replace('|', "\\|");
        let _ = writeln!(out, "| {} | {title} | {} |", cell_code(advisory.id), advisory.versions());
    }
    out
}

/// One advisory for programs, without a file.
pub fn entry(advisory: &Advisory) -> Value {
    json!({
        "id": advisory.id,
        "aliases": advisory.aliases,
        "title": advisory.title,
        "repaired": repaired(advisory),
        "first": advisory.first.map(|version| version.to_string()),
        "fixed_in": advisory.fixed_in.map(|version| version.to_string()),
        "second_fact": advisory.second_fact,
        "witness": advisory.witness,
        "remedy": advisory.remedy,
        "dated": advisory.dated,
    })
}

/// An array for programs.
pub fn json(verdicts: &[Verdict], sources: &Sources) -> Value {
    let one = |verdict: &Verdict| {
        let mut value = entry(verdict.advisory);
        value["concerns"] = concern(verdict).into();
        value["why"] = verdict.why.clone().into();
        let edit = |edit: &Edit| {
            let at = sources.position(edit.span);
            json!({
                "file": sources.file(edit.span.file).shown(),
                "line": at.line,
                "column": at.column,
                "old": sources.text(edit.span),
                "new": edit.replacement,
            })
        };
        value["edits"] = verdict.edits.iter().map(edit).collect();
        value["places"] = verdict.places.iter().map(|place| spot(place, sources)).collect();
        value
    };
    verdicts.iter().map(one).collect()
}

fn spot(place: &Place, sources: &Sources) -> Value {
    match place.span {
        Some(span) => {
            let at = sources.position(span);
            json!({ "file": sources.file(span.file).shown(), "line": at.line, "column": at.column })
        }
        // In a Caddyfile, a pointer could show the value of a variable.
        None if sources.iter().next().is_some() => {
            json!({ "file": sources.iter().next().map(|(_, file)| file.shown()) })
        }
        None => json!({ "pointer": place.pointer }),
    }
}

/// A comment for a pull request.
pub fn markdown(verdicts: &[Verdict], sources: &Sources) -> String {
    let mut out = String::new();
    let (concerned, others): (Vec<_>, Vec<_>) =
        verdicts.iter().partition(|verdict| verdict.concern != Concern::No);
    let _ = writeln!(out, "### {} of {} advisories concern this file", concerned.len(), verdicts.len());
    if !concerned.is_empty() {
        out.push_str("\n| advisory | concerns | what | where |\n|---|---|---|---|\n");
    }
    for verdict in concerned {
        let advisory = verdict.advisory;
        let fixed = advisory.fixed_in.map_or("no version yet".to_owned(), |fixed| fixed.to_string());
        let what = [
            advisory.title,
            &verdict.why,
            &format!("repaired in: {fixed}"),
            &format!("on older versions: {}", advisory.remedy),
        ];
        let what = what.join("<br>").replace('|', "\\|");
        let at = prose(&places(verdict, sources));
        let _ = writeln!(out, "| {} | {} | {what} | {at} |", cell_code(advisory.id), concern(verdict));
    }
    out.push_str("\n<details>\n<summary>Advisories that do not concern this file</summary>\n\n");
    out.push_str("| advisory | what | why not |\n|---|---|---|\n");
    for verdict in others {
        let (id, title) = (cell_code(verdict.advisory.id), verdict.advisory.title);
        let _ =
            writeln!(out, "| {id} | {} | {} |", title.replace('|', "\\|"), verdict.why.replace('|', "\\|"));
    }
    out.push_str("\n</details>\n");
    out
}

/// What concerns a Caddyfile, as warnings at its places; what only possibly does, as notes.
pub fn diagnostics(verdicts: &[Verdict], sources: &Sources) -> Vec<Diagnostic> {
    let start = sources.iter().next().map(|(file, _)| Span::new(file, 0, 0)).unwrap_or_default();
    let mut out = Vec::new();
    for verdict in verdicts.iter().filter(|verdict| verdict.concern != Concern::No) {
        let advisory = verdict.advisory;
        let severity = if verdict.concern == Concern::Yes { Severity::Warning } else { Severity::Note };
        let code = Code::new(advisory.id, advisory.id);
        let mut spans: Vec<Option<Span>> = verdict.places.iter().map(|place| place.span).collect();
        spans.sort_unstable();
        spans.dedup();
        if spans.is_empty() {
            spans.push(None);
        }
        for span in spans {
            let message = match advisory.second_fact {
                Some(fact) => format!("possible: {} (if {fact})", advisory.title),
                None => advisory.title.to_owned(),
            };
            let mut found =
                Diagnostic::new(code, severity, span.unwrap_or(start), message).help(advisory.remedy);
            found.primary = span.map(Label::at);
            if span == verdict.places.first().and_then(|place| place.span) {
                for edit in &verdict.edits {
                    found = found.edit(edit.span, edit.replacement.clone(), false);
                }
            }
            if let Some(fixed) = advisory.fixed_in {
                found = found.help(format!("upgrade to Caddy {fixed}"));
            }
            out.push(found);
        }
    }
    out
}

/// The advisories as rules of a SARIF document.
pub fn rules() -> Vec<LintRule> {
    let of = |advisory: &'static Advisory| LintRule {
        code: Code::new(advisory.id, advisory.id),
        severity: if advisory.second_fact.is_some() { Severity::Note } else { Severity::Warning },
        summary: advisory.title,
        page: advisory.remedy,
    };
    super::all().map(of).collect()
}
