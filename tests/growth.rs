//! No stage of compiling grows faster than its input: twice the sites take at most 2.2 times the instructions. They are
//! counted by valgrind, since seconds depend on what else the machine does.

#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

#[path = "../benches/inputs/mod.rs"]
mod inputs;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// The smaller number of sites.
const SITES: usize = 120;

/// What twice the sites may take.
const MOST: f64 = 2.2;

/// The functions that each stage is made of, and those inside them that belong to another stage. Each is found by parts
/// of its name.
const STAGES: [(&str, &[&str], &[&str]); 9] = [
    ("env", &["caddyctl::source::file::Sources::add"], &[]),
    ("pest", &["syntax::lex::Grammar as pest::parser::Parser", ">>::parse"], &[]),
    ("build", &["syntax::lex::Lexer as ", "Iterator>::next"], &["pest"]),
    ("expand", &["caddyctl::expand::reader::expand"], &["pest", "build"]),
    ("lower", &["caddyctl::compile::site::lower"], &[]),
    ("compile", &["caddyctl::compile::servers::build"], &[]),
    ("listeners", &["caddyctl::compile::listeners::map"], &[]),
    ("tls", &["caddyctl::compile::tls::build"], &[]),
    ("write", &["caddyctl::config::write::write"], &[]),
];

/// A program that the counting needs, and the package that has it.
const NEEDED: [(&str, &str); 3] =
    [("valgrind", "valgrind"), ("callgrind_annotate", "valgrind"), ("taskset", "util-linux")];

fn missing() -> Option<(&'static str, &'static str)> {
    let runs = |program: &str| {
        // One of them has no argument that it does nothing for, and a status of its own for that.
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    NEEDED.into_iter().find(|(program, _)| !runs(program))
}

#[test]
fn twice_the_sites_take_twice_the_instructions() {
    if let Some((program, package)) = missing() {
        let _ = writeln!(
            io::stderr(),
            "left out: how instructions grow, without {program} (Debian: apt-get install {package})"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let faults: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(inputs::KINDS.len()))
            .map(|core| {
                let folder = folder.path();
                scope.spawn(move || {
                    let kinds = inputs::KINDS.iter().skip(core).step_by(cores);
                    kinds.flat_map(|kind| faults(kind, folder, core)).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The stages that grow too fast with the sites of `kind`.
fn faults(kind: &inputs::Kind, folder: &Path, core: usize) -> Vec<String> {
    let [once, twice] = [SITES, 2 * SITES].map(|sites| count(kind, sites, folder, core));
    let growth = STAGES.iter().map(|(stage, ..)| (*stage, once[stage], twice[stage]));
    let too_fast = growth.filter(|(_, once, twice)| *twice > *once * MOST);
    too_fast
        .map(|(stage, once, twice)| {
            format!(
                "{}: {stage} takes {once} instructions, and {:.2} times as many for twice the sites",
                kind.name,
                twice / once
            )
        })
        .collect()
}

/// The instructions that each stage takes.
fn count(kind: &inputs::Kind, sites: usize, folder: &Path, core: usize) -> BTreeMap<&'static str, f64> {
    let caddyfile = folder.join(format!("{}-{sites}", kind.name));
    fs::write(&caddyfile, kind.caddyfile(sites)).unwrap();
    let profile = folder.join(format!("{}-{sites}.callgrind", kind.name));
    // On one core all stages run in one thread, so that each is inside its caller.
    let run = Command::new("taskset")
        .args(["--cpu-list", &core.to_string(), "valgrind", "--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .args([PROGRAM, "adapt", "--config"])
        .arg(&caddyfile)
        .stdout(Stdio::null())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let annotate = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100", "--auto=no", "--show-percs=no"])
        .arg(&profile)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&annotate.stdout);
    let inclusive = |parts: &[&str]| -> f64 {
        let lines = text.lines().filter(|line| parts.iter().all(|part| line.contains(part)));
        let counts = lines.filter_map(|line| line.split_whitespace().next()?.replace(',', "").parse().ok());
        // A function has a line for each file that it has code of.
        counts.fold(0.0, f64::max)
    };
    let mut stages = BTreeMap::new();
    for (stage, parts, inside) in STAGES {
        let all = inclusive(parts);
        assert!(all > 0.0, "there is no function of the stage {stage}: has it another name?\n{text}");
        let others: f64 = inside.iter().map(|other| stages[other]).sum();
        stages.insert(stage, all - others);
    }
    stages
}
