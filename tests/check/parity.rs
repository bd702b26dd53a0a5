//! The verdict of `caddy validate` on every shared configuration, where the shared folder exists.

use std::fs;
use std::path::Path;

use caddyctl_analysis::check::check_json;
use caddyctl_host::Machine;
use caddyctl_language::diagnostics::Severity;
use caddyctl_language::source::Env;

use super::machine::Bare;

/// What plain facts of a disk do not show, with the reason. The stored verdicts were made without a network, where
/// Caddy's own look at the system fails; `validate` opens no socket, and lists these as "not checked here".
const EXCEPTIONS: [(&str, &str); 2] = [
    ("whether something answers at the log address", "Caddy dials the address of a `net` log"),
    ("gives trusted certificates", "Caddy fetches the certificates of an `http` trust pool"),
];

#[test]
fn the_verdict_is_that_of_caddy_with_the_facts_of_this_disk() {
    let unknown = |finding: &caddyctl_analysis::check::Finding| {
        EXCEPTIONS.iter().any(|(words, _)| finding.message().contains(words))
    };
    compare("plain facts of this disk", |config, folder| {
        let facts = Machine::new(folder, Env::from_iter([("HOME", "/root")]));
        let found = check_json(config, Some(&facts));
        // What was not looked at for one of the reasons above counts as the refusal that it was without a network.
        let of_network = found.iter().find(|finding| unknown(finding));
        let error = found.iter().find(|finding| finding.severity() == Severity::Error).or(of_network);
        error.map(|error| format!("{} ({})", error.message(), error.pointer))
    });
    for (words, reason) in EXCEPTIONS {
        println!("exception: {words}: {reason}");
    }
}

#[test]
fn the_verdict_is_that_of_caddy() {
    compare("facts of the machine that made the verdicts", |config, folder| {
        let facts = Bare(Machine::new(folder, Env::from_iter([("HOME", "/root")])));
        let found = check_json(config, Some(&facts));
        let error = found.into_iter().find(|finding| finding.severity() == Severity::Error)?;
        Some(format!("{} ({})", error.message(), error.pointer))
    });
}

/// Compares the stored verdicts with what `refusal` finds in a configuration, and prints the score.
fn compare(what: &str, refusal: impl Fn(&serde_json::Value, &Path) -> Option<String>) {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut folders = Vec::new();
    for part in ["conformance/caddy-adapt", "realworld/docs", "realworld/visible"] {
        let Ok(entries) = fs::read_dir(shared.join(part)) else { continue };
        folders.extend(entries.flatten().map(|entry| entry.path()));
    }
    folders.sort();
    let (mut right, mut false_alarms, mut misses) = (0, Vec::new(), Vec::new());
    for folder in &folders {
        let Ok(expected) = fs::read_to_string(folder.join("expected.validate")) else { continue };
        let Ok(config) = fs::read(folder.join("expected.json")) else { continue };
        let config = serde_json::from_slice(&config).expect("the stored JSON is sound");
        let name = folder.strip_prefix(&shared).unwrap_or(folder).display();
        match (expected.trim() == "ok", refusal(&config, folder)) {
            (true, None) | (false, Some(_)) => right += 1,
            (true, Some(error)) => false_alarms.push(format!("{name}: {error}")),
            (false, None) => misses.push(format!("{name}: {}", expected.trim())),
        }
    }
    println!("{what}: {right} verdicts right, {} false alarms, {} misses", false_alarms.len(), misses.len());
    for line in false_alarms
        .iter()
        .map(|line| format!("false alarm: {line}"))
        .chain(misses.iter().map(|line| format!("miss: {line}")))
    {
        println!("{line}");
    }
    assert!(false_alarms.is_empty() && misses.is_empty(), "see above");
}
