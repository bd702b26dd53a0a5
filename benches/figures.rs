//! Figures that `benches/versus.sh` wants from inside a program, and its inputs.
//!
//!     cargo bench --bench figures -- input KIND SITES     # a Caddyfile, to standard output
//!     cargo bench --bench figures -- json FILE            # adapting FILE, and serde_json on the JSON that comes of it
//!     cargo bench --bench figures -- edit FILE            # all findings of FILE again, after a change of one line
//!
//! Times are the fastest of several runs, in milliseconds.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use caddyctl_analysis::session::Session;
use caddyctl_language::compile;
use caddyctl_language::config::write::Style;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::source::{Env, Memory};

mod inputs;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RUNS: usize = 7;

/// The fastest of several runs of `run`, whose result is dropped outside the time.
fn fastest<T>(mut run: impl FnMut() -> T) -> f64 {
    let times = (0..RUNS).map(|_| {
        let start = Instant::now();
        let result = run();
        let time = start.elapsed();
        drop(black_box(result));
        time
    });
    times.min().unwrap_or(Duration::ZERO).as_secs_f64() * 1000.0
}

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["input", kind, sites] => {
            let (Some(kind), Ok(sites)) = (inputs::Kind::find(kind), sites.parse()) else {
                eprintln!("error: no kind `{kind}`, or no number `{sites}`");
                return ExitCode::from(2);
            };
            print!("{}", kind.caddyfile(sites));
        }
        ["json", file] => json(&std::fs::read(file).expect("the file is readable")),
        ["edit", file] => edit(&std::fs::read_to_string(file).expect("the file is readable")),
        _ => {
            eprintln!("usage: figures input KIND SITES | json FILE | edit FILE");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Adapting a Caddyfile to JSON in memory, compared with `serde_json` reading and writing the same JSON.
fn json(text: &[u8]) {
    let adapt = || {
        let compilation = compile::adapt("Caddyfile", text, &Env::empty(), &Memory::new("/"));
        let mut json = Vec::new();
        compilation.write(Style::Compact, &mut json).expect("memory takes all");
        (compilation, json)
    };
    let (_, json) = adapt();
    let adapted = fastest(adapt);
    let serde = fastest(|| {
        let value: serde_json::Value = serde_json::from_slice(&json).expect("it is JSON");
        let written = serde_json::to_vec(&value).expect("it is JSON");
        (value, written)
    });
    println!("adapt {adapted:.1}\nserde_json {serde:.1}");
}

/// All faults and findings of a text again, as an editor has them, after a change of one line in its middle.
fn edit(text: &str) {
    let middle = text[text.len() / 2..].find("reverse_proxy").expect("it has a proxy") + text.len() / 2;
    let changed = format!("{}reverse_prox{}", &text[..middle], &text[middle + "reverse_proxy".len()..]);
    let texts = [text, changed.as_str()];
    let (env, disk) = (Env::empty(), Memory::new("/"));
    let mut session = Session::new("Caddyfile", &env, &disk);
    session.update(text);
    let mut turn = 0;
    let time = fastest(|| {
        turn += 1;
        let findings = session.update(texts[turn % 2]);
        let is_faulty = findings.diagnostics.iter().any(Diagnostic::is_error);
        assert_eq!(is_faulty, turn % 2 == 1, "the fault comes and goes");
        findings
    });
    println!("edit {time:.1}");
}
