//! The examples on the pages of the codes: the wrong one has the fault, the right one has none, and the real Caddy
//! agrees.

use crate::support::caddy;
use crate::support::caddy::compile;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use caddyctl_analysis::check::{self, name_unset_first};
use caddyctl_analysis::lint::suppress::Suppressions;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::source::{Env, Memory};

/// Faults that only a machine has.
const OF_A_MACHINE: [&str; 1] = ["E0604"];

/// What Caddy cannot know.
const OURS: [&str; 1] = ["W0010"];

/// The Caddyfile under a heading of a page.
fn example<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("## {heading}\n\n```caddyfile\n"))?;
    Some(rest.split_once("```")?.0)
}

/// The Caddyfile under `Right`; `None` where it needs a plugin, as the one under `Wrong` does.
fn right(code: Code) -> Option<&'static str> {
    let page = code.page().unwrap();
    let needs_plugin = page.contains("\n## Wrong, with github.com/");
    let found = example(page, "Right");
    assert!(found.is_some() || needs_plugin, "{}: no Caddyfile under Right", code.id);
    found
}

fn faults(text: &str) -> Vec<Diagnostic> {
    let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/srv"));
    let mut found = compilation.diagnostics.clone();
    name_unset_first(&compilation.sources, &mut found);
    found.extend(Suppressions::of(&compilation.sources).findings(|_| false));
    if let Some(config) = &compilation.config {
        found.extend(check::diagnostics(&check::check(config, None), &compilation));
    }
    found.retain(|fault| fault.severity != Severity::Note);
    found
}

#[test]
fn the_wrong_example_has_the_fault_and_the_right_one_none() {
    let mut report = String::new();
    for code in Code::ALL {
        let page = code.page().unwrap();
        let right = right(*code).map(faults).unwrap_or_default();
        if !right.is_empty() {
            let _ = writeln!(report, "{} right: {:?}", code.id, right[0].message);
        }
        let Some(wrong) = example(page, "Wrong") else { continue };
        let found = faults(wrong);
        if !OF_A_MACHINE.contains(&code.id) && !found.iter().any(|fault| fault.code == *code) {
            let _ = writeln!(report, "{} wrong: {:?}", code.id, found.first().map(|fault| &fault.message));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn the_real_caddy_agrees() {
    let folder = tempfile::tempdir().unwrap();
    for code in Code::ALL {
        let page = code.page().unwrap();
        let right = right(*code).map(|text| ask(folder.path(), text)).unwrap_or_default();
        assert!(right.is_empty(), "{} right: {right}", code.id);
        if let Some(wrong) = example(page, "Wrong").filter(|_| !OURS.contains(&code.id)) {
            assert!(!ask(folder.path(), wrong).is_empty(), "{} wrong: Caddy has nothing to say", code.id);
        }
    }
}

/// What the real Caddy says against a file, when it adapts and provisions it.
fn ask(folder: &Path, text: &str) -> String {
    fs::write(folder.join("Caddyfile"), text).unwrap();
    let output = caddy::run(folder, &["validate", "--config", "Caddyfile"], b"");
    let printed = String::from_utf8_lossy(&output.stderr);
    let lines = printed.lines().filter(|line| {
        ["error", "warn"].iter().any(|level| line.contains(&format!("\"level\":\"{level}\"")))
    });
    // What it says about the machine it runs on is no matter of the file.
    lines.filter(|line| !line.contains("\"logger\":\"tls") && !line.contains("$HOME are defined")).collect()
}
