//! Diagnostics in, text out. Each folder of `tests/render` has an `input.json` (files, and faults with their places as
//! `file:line:column+characters`) and an `expected` file for each form. `CADDYCTL_BLESS=1 ./test render::`
//! writes the expected files anew; a form is held for a case when its file exists, `full` and `concise` always.

use crate::support::bless;

use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_language::diagnostics::render::{
    Report, concise, full, github, gitlab, json, junit, rdjson, sarif,
};
use caddyctl_language::diagnostics::{Code, Diagnostic, Frame, Severity};
use caddyctl_language::source::{Env, Sources, Span};
use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    reports: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    files: Vec<File>,
    faults: Vec<Fault>,
}

#[derive(Deserialize)]
struct File {
    name: String,
    lines: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    code: String,
    severity: String,
    message: String,
    at: Option<String>,
    #[serde(default)]
    label: String,
    #[serde(default)]
    also: Vec<Also>,
    #[serde(default)]
    helps: Vec<String>,
    #[serde(default)]
    edits: Vec<Change>,
    #[serde(default)]
    trail: Vec<Step>,
}

#[derive(Deserialize)]
struct Also {
    at: String,
    text: String,
}

#[derive(Deserialize)]
struct Change {
    at: String,
    replacement: String,
    safe: bool,
}

#[derive(Deserialize)]
struct Step {
    at: String,
    what: String,
}

/// The forms, and whether one is held for every case.
const FORMS: [(&str, bool); 8] = [
    ("full", true),
    ("concise", true),
    ("json", false),
    ("sarif", false),
    ("github", false),
    ("gitlab", false),
    ("junit", false),
    ("rdjson", false),
];

#[test]
fn every_case_renders_as_expected() {
    let bless = bless::blessing();
    let mut wrong = Vec::new();
    let mut held = 0;
    for folder in cases() {
        let parts = read(&folder);
        for (form, always) in FORMS {
            let path = folder.join(format!("expected.{form}"));
            if !always && !path.exists() {
                continue;
            }
            held += 1;
            let actual = render(form, &parts);
            if bless {
                fs::write(&path, actual).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != actual {
                wrong.push(format!("{}:\n{actual}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
    assert!(held >= 40, "only {held} forms are held");
}

#[test]
fn every_form_is_held_somewhere() {
    for (form, _) in FORMS {
        let held = cases().iter().filter(|folder| folder.join(format!("expected.{form}")).exists()).count();
        assert!(held >= 3, "{form}: {held} cases");
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    for folder in cases() {
        let parts = read(&folder);
        let reports = reports(&parts);
        assert_eq!(
            strip(&full::render(&reports, true)),
            full::render(&reports, false),
            "{}",
            folder.display()
        );
    }
}

#[test]
fn no_control_character_of_the_input_reaches_a_terminal() {
    let parts = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render/hostile"));
    let reports = reports(&parts);
    for text in [full::render(&reports, false), concise::render(&reports), github::render(&reports, None)] {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn fingerprints_are_unique_and_survive_a_new_line_above() {
    let prints = |above: &str| -> Vec<String> {
        let mut sources = Sources::new();
        let text = format!("{above}a {{\n\tbad\n}}\nb {{\n\tbad\n}}\n");
        let file = sources.add("Caddyfile", text.as_bytes(), &Env::empty());
        let at = |nth: usize| text.match_indices("bad").nth(nth).unwrap().0;
        let fault = |nth| Diagnostic::error(Code::VALUE, Span::new(file, at(nth), at(nth) + 3), "bad");
        let diagnostics = [fault(0), fault(1)];
        let report = [Report { sources: &sources, diagnostics: &diagnostics }];
        let issues: serde_json::Value = serde_json::from_str(&gitlab::render(&report, None)).unwrap();
        issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].to_string()).collect()
    };
    let before = prints("");
    assert_ne!(before[0], before[1]);
    assert_eq!(before, prints("# a comment\n\n"));
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 15, "cases are missing");
    folders
}

fn render(form: &str, parts: &[(Sources, Vec<Diagnostic>)]) -> String {
    let reports = reports(parts);
    let root = Some(Path::new("/srv/site"));
    match form {
        "full" => full::render(&reports, false),
        "concise" => concise::render(&reports),
        "json" => json::render(&reports),
        "sarif" => without_rules(&sarif::render(&reports, root, &[])),
        "github" => github::render(&reports, root),
        "gitlab" => gitlab::render(&reports, root),
        "junit" => junit::render(&reports, root),
        "rdjson" => rdjson::render(&reports, root),
        _ => unreachable!("{form}"),
    }
}

/// The pages of all codes would bury what a case is about; another test looks at them.
fn without_rules(text: &str) -> String {
    let mut log: serde_json::Value = serde_json::from_str(text).unwrap();
    let driver = &mut log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["rules"].as_array().unwrap().len(), Code::ALL.len());
    driver["rules"] = "left out".into();
    driver["semanticVersion"] = "left out".into();
    serde_json::to_string_pretty(&log).unwrap() + "\n"
}

fn reports(parts: &[(Sources, Vec<Diagnostic>)]) -> Vec<Report<'_>> {
    parts.iter().map(|(sources, diagnostics)| Report { sources, diagnostics }).collect()
}

fn read(folder: &Path) -> Vec<(Sources, Vec<Diagnostic>)> {
    let text = fs::read_to_string(folder.join("input.json")).unwrap();
    let input: Input = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    input.reports.into_iter().map(build).collect()
}

fn build(part: Part) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    for file in part.files {
        sources.add(file.name, file.lines.join("\n").as_bytes(), &Env::empty());
    }
    let diagnostics = part.faults.into_iter().map(|fault| diagnostic(fault, &sources)).collect();
    (sources, diagnostics)
}

fn diagnostic(fault: Fault, sources: &Sources) -> Diagnostic {
    let code = *Code::ALL.iter().find(|code| code.id == fault.code).unwrap();
    let severity = match fault.severity.as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Note,
    };
    let place = |at: &str| span(at, sources);
    let mut found = Diagnostic::new(code, severity, Span::default(), fault.message).label(fault.label);
    match &fault.at {
        Some(at) => found.primary.as_mut().unwrap().span = place(at),
        None => found.primary = None,
    }
    for also in fault.also {
        found = found.also(place(&also.at), also.text);
    }
    found.helps = fault.helps;
    for edit in fault.edits {
        found = found.edit(place(&edit.at), edit.replacement, edit.safe);
    }
    found.trail =
        fault.trail.into_iter().map(|step| Frame { span: place(&step.at), what: step.what }).collect();
    found
}

/// `file:line:column+characters` as a span.
fn span(at: &str, sources: &Sources) -> Span {
    let (rest, length) = at.rsplit_once('+').unwrap();
    let mut parts = rest.rsplitn(3, ':');
    let column: usize = parts.next().unwrap().parse().unwrap();
    let line: usize = parts.next().unwrap().parse().unwrap();
    let name = parts.next().unwrap();
    let (id, file) = sources.iter().find(|(_, file)| file.name() == name).unwrap_or_else(|| panic!("{at}"));
    let text = file.text();
    let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let start = line_start + bytes(&text[line_start..], column - 1);
    Span::new(id, start, start + bytes(&text[start..], length.parse().unwrap()))
}

/// How many bytes the first `characters` take.
fn bytes(text: &str, characters: usize) -> usize {
    text.chars().take(characters).map(char::len_utf8).sum()
}

/// `text` without ANSI escapes.
fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = if rest.starts_with(']') { rest.find('\\') } else { rest.find('m') };
        rest = &rest[end.unwrap() + 1..];
    }
    out + rest
}
