//! No stage of compiling grows faster than its input: twice the sites take at most 2.2 times the instructions, and so do twice
//! the faults. They are counted by valgrind, since seconds depend on what else the machine does.

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

/// The smaller number of faults.
const FAULTS: usize = 100;

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

/// Whether something that the counting needs is missing, which is said.
fn is_left_out() -> bool {
    let Some((program, package)) = missing() else { return false };
    let _ = writeln!(
        io::stderr(),
        "left out: how instructions grow, without {program} (Debian: apt-get install {package})"
    );
    true
}

/// Files that have many faults of one kind: what stands before all, and what each of them is.
const FAULTY: [(&str, &str, &str); 7] = [
    ("one address of many sites", "", "a.example.com {\n\trespond x\n}\n"),
    ("an address of all, and one of each", "", "a.example.com b#.example.com {\n\trespond x\n}\n"),
    ("a wrong directive, without braces", "a.example.com\n", "respnd x\n"),
    ("a missing snippet", "", "a#.example.com {\n\timport missing#\n}\n"),
    ("one snippet, defined often", "a.example.com\n", "(s) {\n\trespond x\n}\n"),
    ("a missing matcher", "a.example.com\n", "respond @missing# x\n"),
    ("a missing named route", "", "a#.example.com {\n\tinvoke missing#\n}\n"),
];

#[test]
fn twice_the_faults_take_twice_the_instructions() {
    if is_left_out() {
        return;
    }
    on_all_cores(&FAULTY, |(name, before, fault), folder, core| {
        let [once, twice] =
            [FAULTS, 2 * FAULTS].map(|times| instructions_of_faults(before, fault, times, folder, core));
        let grows = (twice > once * MOST).then(|| twice / once);
        grows
            .map(|times| format!("{name}: {times:.2} times as many for twice the faults"))
            .into_iter()
            .collect()
    });
}

/// The instructions that all of `validate` takes for a file of so many faults.
fn instructions_of_faults(before: &str, fault: &str, times: usize, folder: &Path, core: usize) -> f64 {
    let (caddyfile, profile) =
        (folder.join(format!("faults-{core}")), folder.join(format!("callgrind-{core}")));
    let faults = (0..times).map(|number| fault.replace('#', &number.to_string()));
    fs::write(&caddyfile, before.to_owned() + &faults.collect::<String>()).unwrap();
    let run = callgrind(&profile, core).args([PROGRAM, "validate"]).arg(&caddyfile).output().unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let text = fs::read_to_string(&profile).unwrap();
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).unwrap();
    total.trim().parse().unwrap()
}

/// Counts instructions into `profile`. On one core all stages run in one thread, so that each is inside its caller.
fn callgrind(profile: &Path, core: usize) -> Command {
    let mut command = Command::new("taskset");
    command
        .args(["--cpu-list", &core.to_string(), "valgrind", "--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", profile.display()));
    command
}

/// Looks at each of `all`, on as many cores as there are; fails with what is found.
fn on_all_cores<T: Sync>(all: &[T], look: impl Fn(&T, &Path, usize) -> Vec<String> + Sync) {
    let folder = tempfile::tempdir().unwrap();
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let found: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(all.len()))
            .map(|core| {
                let (folder, look) = (folder.path(), &look);
                let share = all.iter().skip(core).step_by(cores);
                scope.spawn(move || share.flat_map(|one| look(one, folder, core)).collect::<Vec<_>>())
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn twice_the_sites_take_twice_the_instructions() {
    if is_left_out() {
        return;
    }
    on_all_cores(&inputs::KINDS, faults);
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
    let run = callgrind(&profile, core)
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
