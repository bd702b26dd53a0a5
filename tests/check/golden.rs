//! One folder a case: `config.json`, files that it names, and `expected.txt` with Caddy's verdict and our findings.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use caddyctl_analysis::check::{Finding, check_json};
use caddyctl_host::Machine;
use caddyctl_language::diagnostics::Severity;
use caddyctl_language::source::Env;

use super::machine::Bare;
use super::verdict;
use crate::support::bless;

fn render(verdict: &str, findings: &[Finding]) -> String {
    let mut out = format!("caddy: {verdict}\n");
    for finding in findings {
        let severity = match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let place = if finding.pointer.is_empty() { "/" } else { &finding.pointer };
        let _ = writeln!(out, "\n{severity}[{}] {place}\n  {}", finding.code().id, finding.message());
        if let Some(help) = finding.help() {
            let _ = writeln!(out, "  help: {help}");
        }
    }
    out
}

#[test]
fn every_case_gives_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check");
    let mut folders: Vec<_> = fs::read_dir(&root)
        .expect("the cases can be listed")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("config.json").is_file())
        .collect();
    folders.sort();
    let mut wrong = Vec::new();
    for folder in &folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let config = fs::read(folder.join("config.json")).expect("the configuration can be read");
        let config = serde_json::from_slice(&config).unwrap_or_else(|error| panic!("{name}: {error}"));
        // A case that says so is checked without looking at the machine.
        let machine = Bare(Machine::new(folder, Env::from_iter([("HOME", "/nonexistent")])));
        let findings = check_json(&config, if name.starts_with("blind-") { None } else { Some(&machine) });
        let expected = fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
        let verdict = if bless::blessing() {
            if verdict::accepts(&config, Some(folder)) { "ok" } else { "refused" }
        } else {
            expected.lines().next().and_then(|line| line.strip_prefix("caddy: ")).unwrap_or("unknown")
        };
        let found = render(verdict, &findings);
        if bless::blessing() {
            fs::write(folder.join("expected.txt"), &found).expect("the expectation can be written");
        } else if found != expected {
            wrong.push(format!("{name}: expected\n{expected}\nfound\n{found}"));
        }
        let refused = findings.iter().any(|finding| finding.severity() == Severity::Error);
        if refused != (verdict == "refused") && !name.starts_with("blind-") {
            wrong.push(format!("{name}: Caddy says {verdict}, we find\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases are wrong:\n{}", wrong.len(), folders.len(), wrong.join("\n"));
}
