//! The verdict of `caddy validate` on every shared configuration, where the shared folder exists.

use std::fs;
use std::path::Path;

use caddyctl::check::{Disk, check_json};
use caddyctl::diagnostics::Severity;
use caddyctl::source::Env;

use super::machine::Bare;

#[test]
fn the_verdict_is_that_of_caddy() {
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
        let facts = Bare(Disk::new(folder, Env::from_iter([("HOME", "/root")])));
        let errors: Vec<_> = check_json(&config, Some(&facts))
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        let name = folder.strip_prefix(&shared).unwrap_or(folder).display();
        match (expected.trim() == "ok", errors.as_slice()) {
            (true, []) | (false, [_, ..]) => right += 1,
            (true, [error, ..]) => {
                false_alarms.push(format!("{name}: {} ({})", error.message, error.pointer));
            }
            (false, []) => misses.push(format!("{name}: {}", expected.trim())),
        }
    }
    println!("{right} verdicts right, {} false alarms, {} misses", false_alarms.len(), misses.len());
    for line in false_alarms
        .iter()
        .map(|line| format!("false alarm: {line}"))
        .chain(misses.iter().map(|line| format!("miss: {line}")))
    {
        println!("{line}");
    }
    assert!(false_alarms.is_empty() && misses.is_empty(), "see above");
}
