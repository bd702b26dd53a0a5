//! Situations from public bug reports, in tests/reported: what people wrote, and what `validate` says by default. The first
//! line of each file is a comment with the codes that name the cause, or with `nothing` where the file works as it should,
//! or where a single file cannot show the cause.

use std::fs;
use std::process::Command;

use serde_json::Value;

#[test]
fn what_people_reported_is_found() {
    let mut failures = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir("tests/reported").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 50, "{} files", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let expected = text.lines().next().unwrap().strip_prefix("# ").unwrap();
        let expected: Vec<&str> = expected.split(' ').filter(|word| *word != "nothing").collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        command.args(["validate", "--isolated", "--format", "json"]).arg(&file).env_clear();
        let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        let found = report["diagnostics"].as_array().unwrap();
        let mut codes: Vec<&str> = found.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
        codes.dedup();
        if codes != expected {
            failures.push(format!("{}: {codes:?} instead of {expected:?}", file.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
