//! No stage of compiling grows faster than its input: twice the sites take at most 2.2 times the instructions, and so do twice
//! the faults, and blocks in twice as many blocks. They are counted by valgrind, since seconds depend on what else the machine does.

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
    ("env", &["caddyctl_language::source::file::Sources::add"], &[]),
    ("pest", &["syntax::lex::Grammar as pest::parser::Parser", ">>::parse"], &[]),
    ("build", &["syntax::lex::Lexer as ", "Iterator>::next"], &["pest"]),
    ("expand", &["caddyctl_language::expand::reader::expand"], &["pest", "build"]),
    ("lower", &["caddyctl_language::compile::site::lower"], &[]),
    ("compile", &["caddyctl_language::compile::servers::build"], &[]),
    ("listeners", &["caddyctl_language::compile::listeners::map"], &[]),
    ("tls", &["caddyctl_language::compile::tls::build"], &[]),
    ("write", &["caddyctl_language::config::write::write"], &[]),
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

/// Whether something that the counting needs is missing, which is reported.
fn is_left_out() -> bool {
    let Some((program, package)) = missing() else { return false };
    let _ = writeln!(
        io::stderr(),
        "left out: how instructions grow, without {program} (Debian: apt-get install {package})"
    );
    true
}

/// What stands in a file as often as one likes. `#` is the number of each.
struct Repeated {
    name: &'static str,
    /// How often it stands there, and then twice as often. Enough that what a start takes does not hide how it grows.
    times: usize,
    /// What stands before all.
    before: &'static str,
    each: &'static str,
    /// What stands between all that opens and all that closes.
    between: &'static str,
    /// What closes each.
    close: &'static str,
    /// What stands behind all.
    after: &'static str,
}

impl Repeated {
    fn file(&self, times: usize) -> String {
        let all =
            |text: &str| (0..times).map(|number| text.replace('#', &number.to_string())).collect::<String>();
        [self.before, &all(self.each), self.between, &all(self.close), self.after].concat()
    }

    const fn fault(name: &'static str, before: &'static str, each: &'static str) -> Self {
        Self { name, times: 100, before, each, between: "", close: "", after: "" }
    }

    const fn many(
        times: usize,
        name: &'static str,
        before: &'static str,
        each: &'static str,
        after: &'static str,
    ) -> Self {
        Self { name, times, before, each, between: "", close: "", after }
    }

    const fn nested(
        name: &'static str,
        before: &'static str,
        each: &'static str,
        close: &'static str,
    ) -> Self {
        Self { name, times: 200, before, each, between: "respond /x x\n", close, after: "}\n" }
    }
}

const FAULTS: [Repeated; 8] = [
    Repeated::fault("one address of many sites", "", "a.example.com {\n\trespond x\n}\n"),
    Repeated::fault(
        "an address of all, and one of each",
        "",
        "a.example.com b#.example.com {\n\trespond x\n}\n",
    ),
    Repeated::fault("a wrong directive, without braces", "a.example.com\n", "respnd x\n"),
    Repeated::fault("a missing snippet", "", "a#.example.com {\n\timport missing#\n}\n"),
    Repeated::fault("one snippet, defined often", "a.example.com\n", "(s) {\n\trespond x\n}\n"),
    Repeated::fault("a missing matcher", "a.example.com\n", "respond @missing# x\n"),
    Repeated::many(800, "a wrong matcher", "a.example.com {\n", "@m# path_regexp (\nrespond @m# x\n", "}\n"),
    Repeated::fault("a missing named route", "", "a#.example.com {\n\tinvoke missing#\n}\n"),
];

const NESTED: [Repeated; 7] = [
    Repeated::nested("handle", "a.example.com {\n", "handle /a {\n", "}\n"),
    Repeated::nested(
        "route, with more beside it",
        "a.example.com {\n",
        "route {\nheader a b\n",
        "respond /y y\n}\n",
    ),
    Repeated::nested(
        "a matcher in each",
        "a.example.com {\n",
        "handle {\n@m# path /#\nheader @m# a b\n",
        "}\n",
    ),
    Repeated::nested("a named route", "a.example.com {\ninvoke r\n}\n&(r) {\n", "handle {\n", "}\n"),
    Repeated::nested(
        "answers of upstreams",
        "a.example.com {\n",
        "reverse_proxy localhost:9000 {\nhandle_response {\n",
        "}\n}\n",
    ),
    Repeated::nested(
        "answers to logins",
        "a.example.com {\n",
        "forward_auth localhost:9000 {\nuri /\nhandle_response {\n",
        "}\n}\n",
    ),
    Repeated {
        name: "not",
        times: 200,
        before: "a.example.com {\nrespond @m x\n@m {\npath /a\n",
        each: "not {\n",
        between: "path /b\n",
        close: "}\n",
        after: "}\n}\n",
    },
];

const MANY: [Repeated; 6] = [
    Repeated::many(
        800,
        "settings of servers",
        "{\n",
        "servers :1# {\nname s#\n}\n",
        "}\na.example.com {\nrespond x\n}\n",
    ),
    Repeated::many(1600, "logs", "{\n", "log l# {\noutput stderr\n}\n", "}\na.example.com {\nrespond x\n}\n"),
    Repeated::many(800, "blocks", "a.example.com {\n", "handle /# {\nrespond x\n}\n", "}\n"),
    Repeated::many(800, "errors", "a.example.com {\n", "handle_errors {\nrespond x\n}\n", "}\n"),
    Repeated::many(1600, "logins", "a.example.com {\n", "forward_auth /# localhost:1 {\nuri /\n}\n", "}\n"),
    Repeated::many(400, "metrics", "a.example.com {\n", "metrics /#\n", "}\n"),
];

#[test]
fn twice_the_faults_take_twice_the_instructions() {
    grow_with(&FAULTS, 1);
}

#[test]
fn blocks_in_twice_as_many_take_twice_the_instructions() {
    grow_with(&NESTED, 0);
}

#[test]
fn twice_as_many_of_anything_take_twice_the_instructions() {
    grow_with(&MANY, 0);
}

/// Fails with those of `all` for which `validate`, which ends with `status`, takes too many instructions where they
/// stand twice as often.
fn grow_with(all: &[Repeated], status: i32) {
    if is_left_out() {
        return;
    }
    on_all_cores(all, |repeated, folder, core| {
        let count = |times| instructions_of_validate(&repeated.file(times), status, folder, core);
        let growth = count(2 * repeated.times) / count(repeated.times);
        let says = || format!("{}: {growth:.2} times as many for twice as many", repeated.name);
        (growth > MOST).then(says).into_iter().collect()
    });
}

/// The instructions that all of `validate` takes.
fn instructions_of_validate(text: &str, status: i32, folder: &Path, core: usize) -> f64 {
    let (caddyfile, profile) =
        (folder.join(format!("caddyfile-{core}")), folder.join(format!("callgrind-{core}")));
    fs::write(&caddyfile, text).unwrap();
    let run = callgrind(&profile, core).args([PROGRAM, "validate"]).arg(&caddyfile).output().unwrap();
    assert_eq!(run.status.code(), Some(status), "{}", String::from_utf8_lossy(&run.stderr));
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
