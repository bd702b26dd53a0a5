//! The recorded Caddyfiles with plugins, in `../../../shared/plugins`, against what builds with these plugins answered: the same bytes,
//! or refused by both. Where the folder does not exist, the test says so and leaves it out.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "scores are what a reader of the log looks for"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use std::sync::Arc;

use caddyctl_language::Version;
use caddyctl_language::compile::compile_with;
use caddyctl_language::lower::Registry;
use caddyctl_language::plugins::{self, Author, Request};
use caddyctl_language::source::{Env, Memory};

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The folders with a Caddyfile below `folder`, sorted.
fn cases(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/plugins").join(folder);
    let Ok(entries) = fs::read_dir(&root) else {
        say(&format!("left out: there is no {}", root.display()));
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut cases: Vec<_> = paths.filter(|path| path.join("Caddyfile").is_file()).collect();
    cases.sort();
    cases
}

/// `NAME=value` lines.
fn environment(case: &Path) -> Env {
    let text = fs::read_to_string(case.join("env")).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once('=')).collect()
}

/// The files of a case.
fn files(case: &Path) -> Memory {
    let mut files = Memory::new(case);
    let mut folders = vec![case.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else {
                files.add(&path, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// What is wrong with a case; nothing if the answer is that of the real build.
fn check(case: &Path) -> Result<(), String> {
    let case = case.canonicalize().unwrap();
    let with = fs::read_to_string(case.join("with")).unwrap_or_default();
    let requests: Vec<Request> = with.lines().map(Request::parse).collect();
    let chosen = plugins::choose(&requests, &[], None).map_err(|refusal| format!("refused: {refusal}"))?;
    let text = fs::read(case.join("Caddyfile")).unwrap();
    // The builds that answered are of this version.
    let registry = Arc::new(Registry::clone(&chosen.registry).for_version(Version::new(2, 11, 7)));
    let found = compile_with(&registry, "./Caddyfile", &text, &environment(&case), &files(&case));
    let expected = fs::read(case.join("expected.json")).ok();
    let errors = || {
        let errors = found.diagnostics.iter().filter(|found| found.is_error());
        errors.map(|error| format!("{} {}", error.code.id, error.message)).collect::<Vec<_>>().join("; ")
    };
    match (found.json(), expected) {
        (Some(ours), Some(theirs)) if ours == theirs.trim_ascii_end() => Ok(()),
        (Some(ours), Some(theirs)) => {
            let theirs = theirs.trim_ascii_end();
            let at =
                ours.iter().zip(theirs).position(|(a, b)| a != b).unwrap_or(ours.len().min(theirs.len()));
            let part = |bytes: &[u8]| {
                let start = at.saturating_sub(60);
                String::from_utf8_lossy(&bytes[start..bytes.len().min(at + 60)]).into_owned()
            };
            Err(format!("other JSON\n      ours   {}\n      theirs {}", part(&ours), part(theirs)))
        }
        (None, Some(_)) => Err(format!("wrongly refused: {}", errors())),
        (Some(_), None) => {
            let theirs = fs::read_to_string(case.join("expected.err")).unwrap_or_default();
            Err(format!("wrongly accepted: {}", theirs.lines().next().unwrap_or_default()))
        }
        (None, None) => Ok(()),
    }
}

/// The first package of a case, by which scores are listed.
fn package(case: &Path) -> String {
    let with = fs::read_to_string(case.join("with")).unwrap_or_default();
    with.lines().next().unwrap_or("no package").trim_start_matches("github.com/").to_owned()
}

fn score(folder: &str) -> (usize, usize, Vec<String>) {
    let mut scores: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failures = Vec::new();
    for case in cases(folder) {
        let score = scores.entry(package(&case)).or_default();
        score.1 += 1;
        match check(&case) {
            Ok(()) => score.0 += 1,
            Err(why) => failures.push(format!("{}: {why}", case.file_name().unwrap().to_string_lossy())),
        }
    }
    for (package, (right, all)) in &scores {
        say(&format!("{folder}: {package} {right} of {all}"));
    }
    let (right, all) = scores.values().fold((0, 0), |sum, score| (sum.0 + score.0, sum.1 + score.1));
    say(&format!("{folder}: {right} of {all}"));
    (right, all, failures)
}

/// Cases whose answer is not that of the build, each for a reason: opaque plugins have no JSON, and what swallows the next line is
/// an error here.
const OTHERS: &[&str] = &[
    "layer4-app-beside-sites",
    "layer4-listener-wrapper",
    "layer4-sni-routing",
    "layer4-with-cloudflare",
    "security-ordered-with-mercure",
    "security-portal-and-policy",
    "security-sorting",
    "transform-placeholder-no-arg",
];

/// Public files that name an opaque plugin.
const OPAQUE: &[&str] = &[
    "gjhenrique__home-server__1",
    "greenpau__caddy-security__1",
    "greenpau__caddy-security__2",
    "greenpau__caddy-security__3",
    "greenpau__caddy-security__4",
    "greenpau__caddy-security__6",
    "greenpau__caddy-security__7",
    "mholt__caddy-l4__1",
    "mholt__caddy-l4__2",
    "mholt__caddy-l4__3",
];

fn answers(folder: &str, others: &[&str]) {
    let (_, all, failures) = score(folder);
    let name = |failure: &str| failure.split(':').next().unwrap_or_default().to_owned();
    let unexpected: Vec<_> =
        failures.iter().filter(|failure| !others.contains(&name(failure).as_str())).collect();
    assert!(unexpected.is_empty(), "{folder}: {unexpected:#?}");
    assert!(all == 0 || failures.len() == others.len(), "{folder}: more is right than the test says");
}

#[test]
fn recorded_cases() {
    answers("cases", OTHERS);
}

#[test]
fn public_files() {
    answers("public", OPAQUE);
}

/// Each example of each definition comes out as it says, in a place where the word may stand.
#[test]
fn examples() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for package in plugins::packages() {
        let found = plugins::definition(plugins::shipped(package).unwrap(), Author::Program).unwrap();
        let (missing, count) = plugins::try_examples(&found);
        wrong.extend(missing.into_iter().map(|why| format!("{package}: {why}")));
        asked += count;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(asked > 60, "only {asked} examples");
}
