//! Patterns and expressions with the real Caddy's verdict next to each: `ok` or `no`, a space, and a JSON string.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use caddyctl_analysis::check::{expression, regexp};
use serde_json::{Value, json};

use super::verdict;
use crate::support::bless;

fn probes(file: &str, matcher: impl Fn(&str) -> Value, ours: impl Fn(&str) -> Result<(), String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check").join(file);
    let text = fs::read_to_string(&path).expect("the probes can be read");
    let (mut blessed, mut wrong, mut count) = (String::new(), Vec::new(), 0);
    for line in text.lines() {
        let (mut verdict, coded) = line.split_once(' ').expect("a verdict and a string");
        let probe: String = serde_json::from_str(coded).expect("a JSON string");
        if bless::blessing() {
            let config = json!({"apps": {"http": {"servers": {"srv0": {
                "listen": [":8080"],
                "routes": [{"match": [matcher(&probe)]}],
            }}}}});
            verdict = if verdict::accepts(&config, None) { "ok" } else { "no" };
            let _ = writeln!(blessed, "{verdict} {coded}");
        }
        count += 1;
        let found = ours(&probe);
        if found.is_ok() != (verdict == "ok") {
            wrong.push(format!("Caddy says {verdict} to {coded}, we say {found:?}"));
        }
    }
    if bless::blessing() {
        fs::write(path, blessed).expect("the probes can be written");
    }
    println!("{file}: {count} probes, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn regular_expressions() {
    probes(
        "regexp.probes",
        |pattern| json!({"path_regexp": {"pattern": pattern}}),
        |pattern| regexp::check(pattern).map_err(|fault| fault.to_string()),
    );
}

#[test]
fn expressions() {
    probes(
        "expression.probes",
        |text| json!({"expression": text}),
        |text| expression::check(text).map_err(|fault| fault.to_string()),
    );
}
