//! What cargo builds: README's two commands share everything, because a second build of the language takes longer than the tests.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::Command;

use serde_json::Value;

/// What cargo would compile and run for a command: a key for each unit, with all that it depends on, and its name.
fn units(command: &[&str]) -> BTreeMap<u64, String> {
    let output = Command::new(env!("CARGO"))
        .args(command)
        .args(["--locked", "-Z", "unstable-options", "--unit-graph"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        // The stable cargo prints the graph too; only its form may change.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let graph: Value = serde_json::from_slice(&output.stdout).unwrap();
    let units = graph["units"].as_array().unwrap();
    let mut keys = vec![None; units.len()];
    (0..units.len()).map(|at| (key(units, at, &mut keys), name(&units[at]))).collect()
}

fn key(units: &[Value], at: usize, keys: &mut [Option<u64>]) -> u64 {
    if let Some(known) = keys[at] {
        return known;
    }
    let unit = &units[at];
    let mut needs: Vec<u64> = unit["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|other| key(units, usize::try_from(other["index"].as_u64().unwrap()).unwrap(), keys))
        .collect();
    needs.sort_unstable();
    // Two profiles with the same settings share what they build.
    let mut profile = unit["profile"].clone();
    profile["name"] = Value::Null;
    let mut hasher = DefaultHasher::new();
    let facts =
        [&unit["pkg_id"], &unit["target"], &unit["mode"], &unit["features"], &unit["platform"], &profile];
    facts.map(Value::to_string).hash(&mut hasher);
    needs.hash(&mut hasher);
    *keys[at].insert(hasher.finish())
}

fn name(unit: &Value) -> String {
    format!("{} {} with the features {}", unit["pkg_id"], unit["mode"], unit["features"])
}

#[test]
fn tests_build_nothing_again_that_cargo_run_has_built() {
    let (run, test) = (units(&["build"]), units(&["test", "--workspace", "--no-run"]));
    assert!(run.len() > 100, "{}", run.len());
    let again: Vec<&String> =
        run.iter().filter(|(key, _)| !test.contains_key(key)).map(|(_, name)| name).collect();
    assert!(again.is_empty(), "features differ between `cargo run` and `cargo test --workspace`: {again:#?}");
    // The comparison sees a feature that differs.
    let other = units(&["build", "--no-default-features"]);
    assert!(other.keys().any(|key| !run.contains_key(key)));
}
