//! Errors as people meet them: next to each Caddyfile under `tests/errors` is what `caddyctl validate` prints of it. The
//! real Caddy refuses each of them too. `CADDYCTL_BLESS=1 ./test errors::` writes the texts anew; then read them.

use crate::support::bless;
use crate::support::caddy;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Caddyfiles under `tests/errors`, in the order of their names.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let entries =
        |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let files = entries(&root).into_iter().filter(|path| path.is_dir()).flat_map(|folder| entries(&folder));
    let mut all: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "caddyfile")).collect();
    all.sort();
    all
}

/// What `caddyctl validate` prints of the file, and how many errors it counts.
fn validate(file: &Path) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .args(["validate", "--color", "never"])
        .arg(file.file_name().unwrap())
        .current_dir(file.parent().unwrap())
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(1), "{} is accepted", file.display());
    assert!(out.stderr.is_empty(), "{}: {}", file.display(), String::from_utf8_lossy(&out.stderr));
    let folder = format!("{}/", file.parent().unwrap().display());
    String::from_utf8(out.stdout).unwrap().replace(&folder, "[folder]/")
}

#[test]
fn each_reads_as_written() {
    let cases = cases();
    let mut faults = 0;
    let mut differ = Vec::new();
    for file in &cases {
        let (found, expected) = (validate(file), file.with_extension("txt"));
        faults += found.lines().filter(|line| line.starts_with("error[")).count();
        if bless::blessing() {
            fs::write(&expected, &found).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != found {
            differ.push(format!("{}:\n{found}", file.display()));
        }
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
    assert!(faults >= 120, "only {faults} faults");
}

#[test]
fn the_real_caddy_refuses_each() {
    let folder = tempfile::tempdir().unwrap();
    for file in cases() {
        fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let out = caddy::run(folder.path(), &["validate", "--adapter", "caddyfile", "--config", name], b"");
        assert!(!out.status.success(), "the real Caddy accepts {}", file.display());
    }
}

/// One fault of each of twenty kinds, and nothing found that is none.
#[test]
fn twenty_kinds_are_twenty_faults() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors/twenty_kinds.caddyfile");
    let found = validate(&file);
    if bless::blessing() {
        fs::write(file.with_extension("txt"), &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(file.with_extension("txt")).unwrap());
    assert!(found.ends_with("20 errors in twenty_kinds.caddyfile\n"), "{found}");
    let text = fs::read_to_string(&file).unwrap();
    let marked: Vec<usize> =
        (1..).zip(text.lines()).filter(|(_, line)| line.contains("# fault")).map(|(n, _)| n).collect();
    let places = found.lines().filter_map(|line| line.trim().strip_prefix("--> twenty_kinds.caddyfile:"));
    let lines: Vec<usize> = places.map(|place| place.split(':').next().unwrap().parse().unwrap()).collect();
    assert_eq!(lines, marked, "the faults stand elsewhere than they are marked");
}
