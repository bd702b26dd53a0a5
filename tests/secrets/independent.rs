//! What a report says does not depend on the values of variables: with other values of the same kind it is the same, byte
//! for byte. Each file of `independent` has its variables next to it, with two values for each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::output::{BASE, everything, folder};

/// Both environments of a table.
fn environments(table: &str) -> [Vec<(&str, &str)>; 2] {
    let lines = table.lines().map(|line| {
        let mut parts = line.split('\t');
        [(); 3].map(|()| parts.next().unwrap_or_default())
    });
    let (one, two) = lines.map(|[name, one, two]| ((name, one), (name, two))).unzip();
    [one, two]
}

#[test]
fn reports_do_not_depend_on_values() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/secrets/independent");
    let mut shown = String::new();
    for sample in std::fs::read_dir(samples).unwrap().flatten().map(|sample| sample.path()) {
        if sample.extension().is_none_or(|end| end != "caddyfile") {
            continue;
        }
        let text = std::fs::read_to_string(&sample).unwrap();
        let table = std::fs::read_to_string(sample.with_extension("env")).unwrap();
        let other = text.replace("/short", "/shorter").replace("http 1", "http 2");
        let folder = folder(&[
            ("Caddyfile", &text),
            ("base", BASE),
            ("other", &other),
            ("faulty", &(text.clone() + "}\n")),
        ]);
        let [one, two] = environments(&table).map(|env| everything(folder.path(), &env));
        for ((args, one), (_, two)) in one.iter().zip(&two) {
            assert!(!one.contains("panicked"), "{args}: {one}");
            // A plan names the digest of the configuration.
            if one == two || args.starts_with("deploy --dry-run --format json") {
                continue;
            }
            let lines: BTreeSet<&str> = two.lines().collect();
            let only = one.lines().filter(|line| !lines.contains(line)).take(3);
            let only = only.map(|line| line.chars().take(200).collect::<String>()).collect::<Vec<_>>();
            let _ = writeln!(shown, "{} {args}: {only:#?}", sample.display());
        }
    }
    assert_eq!(shown, "");
}
