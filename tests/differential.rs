//! Generated Caddyfiles, compiled here and by the real Caddy: the same bytes, or a refusal from both.
//!
//! The usual run takes fixed seeds and then some fresh ones. A long run by hand:
//! `CADDYCTL_FILES=10000 CADDYCTL_SEED=1 cargo test --release --test all differential:: -- --nocapture`.

#![allow(clippy::print_stdout, reason = "scores are what a reader of the log looks for")]

use crate::generate;
use crate::support::caddy;
use crate::support::caddy::compile;
use crate::support::judge::Judge;

use std::path::Path;
use std::time::{Instant, SystemTime};

use caddyctl_host::Disk;
use caddyctl_language::source::Env;

/// What both programs know of the environment.
fn environment() -> Env {
    generate::VARIABLES.iter().copied().collect()
}

/// How the two differ, or nothing.
fn disagreement(judge: &Judge, text: &str) -> Option<String> {
    let folder: &Path = judge.folder();
    let ours = compile("Caddyfile", text.as_bytes(), &environment(), &Disk::new(folder));
    match (ours.json(), judge.adapt(text)) {
        (Some(ours), Ok(theirs)) if ours == theirs => None,
        // Caddy orders some internal names as a Go map happens to: any of its answers will do.
        (Some(ours), Ok(_)) if (0..24).any(|_| judge.adapt(text).is_ok_and(|again| again == ours)) => None,
        (Some(ours), Ok(theirs)) => Some(format!(
            "other bytes\n  ours  {}\n  Caddy {}",
            String::from_utf8_lossy(&ours),
            String::from_utf8_lossy(&theirs)
        )),
        (Some(_), Err(error)) => Some(format!("accepted, and Caddy refuses it: {error}")),
        (None, Ok(_)) => {
            let faults: Vec<_> =
                ours.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.clone()).collect();
            Some(format!("refused, and Caddy accepts it: {}", faults.join("; ")))
        }
        (None, Err(_)) => None,
    }
}

/// The first word of a disagreement, which must stay the same while its file shrinks.
fn kind(disagreement: &str) -> &str {
    disagreement.split([' ', ',']).next().unwrap_or("")
}

/// Takes lines away while the two still differ in the same way.
fn shrink(judge: &Judge, text: &str, what: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut size = lines.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < lines.len() {
            let mut fewer = lines.clone();
            fewer.drain(at..(at + size).min(lines.len()));
            let shorter = fewer.join("\n") + "\n";
            if disagreement(judge, &shorter).is_some_and(|now| kind(&now) == kind(what)) {
                lines = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    lines.join("\n") + "\n"
}

/// Why generated files are refused, commonest first: what the generator must learn to say right.
fn print_reasons(judge: &Judge, seeds: &[u64]) {
    let mut reasons = std::collections::BTreeMap::new();
    for seed in seeds {
        let text = generate::caddyfile(*seed);
        let ours = compile("Caddyfile", text.as_bytes(), &environment(), &Disk::new(judge.folder()));
        for fault in ours.diagnostics.iter().filter(|d| d.is_error()) {
            *reasons.entry(fault.message.clone()).or_insert(0) += 1;
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (reason, count) in reasons.iter().take(60) {
        println!("{count:6} {reason}");
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn generated_files_compile_as_caddy_compiles_them() {
    let judge = Judge::start(&caddy::binary());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let seeds: Vec<u64> = match number("CADDYCTL_FILES") {
        Some(files) => (0..files).map(|i| number("CADDYCTL_SEED").unwrap_or(1) * 1_000_000 + i).collect(),
        None => (0..600).chain((0..150).map(|i| now * 1000 + i)).collect(),
    };
    let mut accepted = 0;
    let mut found = Vec::new();
    let started = Instant::now();
    for seed in &seeds {
        let text = generate::caddyfile(*seed);
        if let Some(what) = disagreement(&judge, &text) {
            let small = shrink(&judge, &text, &what);
            let what = disagreement(&judge, &small).unwrap_or(what);
            found.push(format!("seed {seed}: {what}\n--- the file\n{small}---"));
            if found.len() >= 15 {
                break;
            }
        } else {
            let folder = Disk::new(judge.folder());
            accepted += usize::from(compile("Caddyfile", text.as_bytes(), &environment(), &folder).is_ok());
        }
    }
    if std::env::var_os("CADDYCTL_REASONS").is_some() {
        print_reasons(&judge, &seeds);
    }
    println!(
        "differential: {} files, {accepted} of them accepted by both, {} disagreements, {:?}",
        seeds.len(),
        found.len(),
        started.elapsed()
    );
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    assert!(accepted * 5 > seeds.len(), "too few of the generated files are accepted to prove anything");
}
