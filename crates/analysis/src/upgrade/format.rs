//! What an upgrade changes, as text, Markdown and JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::found::Found;
use super::report::Report;
use crate::advisories::{Advisory, Concern, Place};
use crate::diff::Verdict;
use crate::diff::format as diff;
use caddyctl_language::Version;
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::source::Sources;
use caddyctl_language::source::shown::markdown::{cell_code, prose};
use caddyctl_language::source::shown::{self};

/// Places that a sentence names of one change.
const MOST: usize = 5;

/// Errors of a version that are listed.
const ERRORS: usize = 20;

/// Where a change concerns the file.
fn places(places: &[Place], sources: &Sources) -> String {
    let is_bare = sources.iter().next().is_none();
    let place = |place: &Place| {
        let at = crate::routes::place(sources, place.span);
        at.or_else(|| place.pointer.clone().filter(|_| is_bare))
    };
    let mut all: Vec<String> = places.iter().filter_map(place).collect();
    all.dedup();
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    if more > 0 {
        all.push(format!("{more} more"));
    }
    all.join(", ")
}

/// What a version does with the file, in a sentence.
fn refusal(version: Version, errors: &[&Diagnostic]) -> String {
    if errors.iter().all(|found| found.code == Code::NOT_MODELLED) {
        format!("What Caddy {version} makes of the file is not known")
    } else {
        format!("Caddy {version} refuses the file")
    }
}

/// The place and the message of an error.
pub fn error(found: &Diagnostic, sources: &Sources) -> String {
    let place = found.primary.as_ref().map(|label| format!("{}: ", sources.place(label.span)));
    format!("{}{}", place.unwrap_or_default(), shown::line(&found.message))
}

fn advisory((advisory, concern): &(&Advisory, Concern)) -> String {
    let possible = if *concern == Concern::Possible { " (possible)" } else { "" };
    format!("{}{possible}: {}", advisory.id, advisory.title)
}

/// The sentences of a change, without its title.
fn sentences(found: &Found) -> Vec<String> {
    let (before, after) = found.behaviour();
    let mut out = vec![format!("before: {before}"), format!("after: {after}")];
    if let Some(fact) = found.change.second_fact {
        out.push(format!("only if {fact}"));
    }
    if !found.is_reversed && !found.change.remedy.is_empty() {
        out.push(format!("help: {}", found.change.remedy));
    }
    out
}

/// For people.
pub fn text(report: &Report) -> String {
    let mut out = format!("Caddy {} to {}: {}\n", report.from, report.to, shown::line(report.name));
    for (version, sources, errors) in report.refusals() {
        let _ = writeln!(out, "\n{}", refusal(version, &errors));
        for found in errors.iter().take(ERRORS) {
            let _ = writeln!(out, "  {}", error(found, sources));
            for help in &found.helps {
                let _ = writeln!(out, "    help: {}", shown::line(help));
            }
        }
    }
    match &report.json {
        Some(json) if json.verdict == Verdict::Same => out.push_str("\nThe JSON is the same\n"),
        Some(json) => {
            out.push_str("\nChanges of the JSON\n");
            for line in diff::text(json, diff::Paint::Plain).lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
        None => {}
    }
    let none = Sources::new();
    let sources = report.side().map_or(&none, |side| &side.sources);
    if !report.changes.is_empty() {
        out.push_str("\nChanges of the server that the JSON does not show\n");
    }
    for found in &report.changes {
        let at = places(&found.places, sources);
        let at = if at.is_empty() { at } else { format!(" ({at})") };
        let _ = writeln!(out, "  {}{at}", found.change.title);
        for sentence in sentences(found) {
            let _ = writeln!(out, "    {sentence}");
        }
    }
    if !report.deprecated.is_empty() {
        out.push_str("\nDeprecated words\n");
    }
    for found in report.deprecated {
        let _ = writeln!(out, "  {}", error(found, sources));
        for help in &found.helps {
            let _ = writeln!(out, "    help: {}", shown::line(help));
        }
        for edit in &found.edits {
            let _ = writeln!(
                out,
                "    edit: `{}` becomes `{}`",
                shown::line(sources.text(edit.span)),
                shown::line(&edit.replacement)
            );
        }
    }
    for (heading, list) in [
        ("Advisories that no longer concern the file", &report.gone),
        ("Advisories that concern the file after the upgrade only", &report.new),
    ] {
        if !list.is_empty() {
            let _ = writeln!(out, "\n{heading}");
        }
        for one in list {
            let _ = writeln!(out, "  {}", advisory(one));
        }
    }
    if !report.has_changes() {
        out.push_str("\nNothing changes for this file\n");
    }
    out
}

/// For the pull request that changes the version.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("### Caddy {} to {}: {}\n", report.from, report.to, prose(report.name));
    for (version, sources, errors) in report.refusals() {
        let _ =
            writeln!(out, "\n### {}\n\n| version | error | help |\n|---|---|---|", refusal(version, &errors));
        for found in errors.iter().take(ERRORS) {
            let helps: Vec<String> = found.helps.iter().map(|help| prose(help)).collect();
            let _ =
                writeln!(out, "| {version} | {} | {} |", prose(&error(found, sources)), helps.join("<br>"));
        }
    }
    match &report.json {
        Some(json) if json.verdict == Verdict::Same => out.push_str("\nThe JSON is the same.\n"),
        Some(json) => {
            let _ = writeln!(out, "\n### Changes of the JSON\n\n{}", diff::markdown(json));
        }
        None => {}
    }
    let none = Sources::new();
    let sources = report.side().map_or(&none, |side| &side.sources);
    if !report.changes.is_empty() {
        out.push_str("\n### Changes of the server that the JSON does not show\n\n| what | before and after | where |\n|---|---|---|\n");
    }
    for found in &report.changes {
        let sentences = sentences(found).join("<br>").replace('|', "\\|");
        let _ = writeln!(
            out,
            "| {} | {sentences} | {} |",
            found.change.title.replace('|', "\\|"),
            prose(&places(&found.places, sources))
        );
    }
    if !report.deprecated.is_empty() {
        out.push_str("\n### Deprecated words\n\n| where and what | old | new |\n|---|---|---|\n");
    }
    for found in report.deprecated {
        let edit = found.edits.first();
        let old = edit.map(|edit| cell_code(sources.text(edit.span))).unwrap_or_default();
        let new = edit.map(|edit| cell_code(&edit.replacement)).unwrap_or_default();
        let _ = writeln!(out, "| {} | {old} | {new} |", prose(&error(found, sources)));
    }
    for (heading, list) in [
        ("Advisories that no longer concern the file", &report.gone),
        ("Advisories that concern the file after the upgrade only", &report.new),
    ] {
        if !list.is_empty() {
            let _ = writeln!(out, "\n### {heading}\n\n| advisory | concerns | what |\n|---|---|---|");
        }
        for (advisory, concern) in list {
            let concern = if *concern == Concern::Possible { "possible" } else { "yes" };
            let _ = writeln!(
                out,
                "| {} | {concern} | {} |",
                cell_code(advisory.id),
                advisory.title.replace('|', "\\|")
            );
        }
    }
    if !report.has_changes() {
        out.push_str("\nNothing changes for this file.\n");
    }
    out
}

/// For programs.
pub fn json(report: &Report) -> Value {
    let none = Sources::new();
    let sources = report.side().map_or(&none, |side| &side.sources);
    let refused = |(version, sources, errors): (Version, &Sources, Vec<&Diagnostic>)| {
        let is_known = errors.iter().any(|found| found.code != Code::NOT_MODELLED);
        let errors: Vec<Value> = errors.iter().map(|found| diagnostic(found, sources)).collect();
        json!({ "version": version.to_string(), "known": is_known, "errors": errors })
    };
    let change = |found: &Found| {
        let (before, after) = found.behaviour();
        let change = found.change;
        let spots: Vec<Value> = found.places.iter().map(|place| spot(place, sources)).collect();
        json!({
            "name": change.name,
            "title": change.title,
            "since": change.since.to_string(),
            "until": change.until.map(|until| until.to_string()),
            "before": before,
            "after": after,
            "certain": change.second_fact.is_none(),
            "only_if": change.second_fact,
            "seen": change.is_seen,
            "remedy": if found.is_reversed { "" } else { change.remedy },
            "places": spots,
        })
    };
    let list = |list: &[(&Advisory, Concern)]| -> Vec<Value> {
        let one = |(advisory, concern): &(&Advisory, Concern)| json!({ "id": advisory.id, "title": advisory.title, "concerns": concern });
        list.iter().map(one).collect()
    };
    // The report of `diff` is a document of its own.
    let compared = report.json.as_ref().filter(|json| json.verdict != Verdict::Same);
    let compared = compared.and_then(|json| serde_json::from_str::<Value>(&diff::json(json, None)).ok());
    json!({
        "file": report.name,
        "from": report.from.to_string(),
        "to": report.to.to_string(),
        "refusals": report.refusals().map(refused).collect::<Vec<_>>(),
        "json": compared,
        "server": report.changes.iter().map(change).collect::<Vec<_>>(),
        "deprecated": report.deprecated.iter().map(|found| diagnostic(found, sources)).collect::<Vec<_>>(),
        "advisories_gone": list(&report.gone),
        "advisories_new": list(&report.new),
        "changes": report.has_changes(),
    })
}

/// A diagnostic with its place and its edits.
fn diagnostic(found: &Diagnostic, sources: &Sources) -> Value {
    let at = found.primary.as_ref().map(|label| {
        let at = sources.position(label.span);
        json!({ "file": sources.file(label.span.file).shown(), "line": at.line, "column": at.column })
    });
    let edit = |edit: &caddyctl_language::diagnostics::Edit| {
        let at = sources.position(edit.span);
        json!({ "line": at.line, "column": at.column, "old": sources.text(edit.span), "new": edit.replacement })
    };
    json!({
        "code": found.code.id,
        "message": found.message,
        "place": at,
        "helps": found.helps,
        "edits": found.edits.iter().map(edit).collect::<Vec<_>>(),
    })
}

fn spot(place: &Place, sources: &Sources) -> Value {
    match place.span {
        Some(span) => {
            let at = sources.position(span);
            json!({ "file": sources.file(span.file).shown(), "line": at.line, "column": at.column })
        }
        None if sources.iter().next().is_some() => {
            json!({ "file": sources.iter().next().map(|(_, file)| file.shown()) })
        }
        None => json!({ "pointer": place.pointer }),
    }
}
