//! Every Caddyfile of the shared corpora against what the real Caddy 2.11.7 answered. Where the corpora are not next to
//! the checkout, these tests say so and leave them out.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "scores are what a reader of the log looks for"
)]

use crate::support::caddy::compile;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use caddyctl_host::Disk;
use caddyctl_language::source::Env;

/// Says something that a reader of the log looks for, whether the test passes or not.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The folders of one corpus, sorted.
fn cases(corpus: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(corpus);
    let Ok(entries) = fs::read_dir(&root) else {
        say(&format!("left out: there is no {}", root.display()));
        return Vec::new();
    };
    let mut cases: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("Caddyfile").is_file())
        .collect();
    cases.sort();
    cases
}

/// `NAME=value` lines.
fn environment(path: &Path) -> Env {
    let text = fs::read_to_string(path).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.trim().split_once('='));
    pairs.map(|(name, value)| (name.trim(), value.trim().trim_matches('"'))).collect()
}

/// What is wrong with one case, or nothing.
fn check(case: &Path, env: &Env, suffix: &str) -> Option<String> {
    let case = case.canonicalize().unwrap();
    let text = fs::read(case.join("Caddyfile")).unwrap();
    let compilation = compile("./Caddyfile", &text, env, &Disk::new(&case));
    let shown = |n: usize| -> String {
        let errors = compilation.diagnostics.iter().filter(|d| d.is_error());
        errors
            .take(n)
            .map(|d| {
                format!(
                    "\n      {} {}",
                    d.primary.as_ref().map_or(String::new(), |l| compilation.sources.place(l.span)),
                    d.message
                )
            })
            .collect()
    };
    match fs::read(case.join(format!("expected{suffix}.json"))) {
        Ok(expected) => match compilation.json() {
            None => Some(format!("refused, and Caddy accepts it{}", shown(2))),
            Some(json) if json != expected.trim_ascii_end() => Some(difference(&json, &expected)),
            Some(_) => None,
        },
        Err(_) => compilation.json().map(|_| {
            let error = fs::read_to_string(case.join(format!("expected{suffix}.err"))).unwrap_or_default();
            format!("accepted, and Caddy refuses it: {}", error.trim())
        }),
    }
}

/// The place where two JSON texts part.
fn difference(ours: &[u8], theirs: &[u8]) -> String {
    let at = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let around = |text: &[u8]| {
        String::from_utf8_lossy(&text[at.saturating_sub(60).min(text.len())..(at + 60).min(text.len())])
            .into_owned()
    };
    format!("differs at byte {at}\n      ours  …{}\n      Caddy …{}", around(ours), around(theirs))
}

fn corpus(name: &str) {
    let (mut accepted, mut refused) = ((0, 0), (0, 0));
    let mut failures = Vec::new();
    for case in cases(name) {
        let mut runs = Vec::new();
        for (suffix, env) in [("", Env::empty()), ("-env", environment(&case.join("env")))] {
            let has = |kind: &str| case.join(format!("expected{suffix}.{kind}")).is_file();
            if has("json") || has("err") {
                runs.push((suffix, env, has("json")));
            }
        }
        for (suffix, env, accepts) in runs {
            let score = if accepts { &mut accepted } else { &mut refused };
            score.1 += 1;
            match check(&case, &env, suffix) {
                None => score.0 += 1,
                Some(problem) => failures
                    .push(format!("  {}{suffix}: {problem}", case.file_name().unwrap().to_string_lossy())),
            }
        }
    }
    let (accepted_of, refused_of) = (accepted.1, refused.1);
    say(&format!(
        "{name}: {} of {accepted_of} accepted cases give Caddy's bytes, {} of {refused_of} refused ones are refused",
        accepted.0, refused.0
    ));
    assert!(failures.is_empty(), "{} differ\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn conformance() {
    corpus("conformance/caddy-adapt");
}

#[test]
fn documentation() {
    corpus("realworld/docs");
}

#[test]
fn realworld() {
    corpus("realworld/visible");
}
