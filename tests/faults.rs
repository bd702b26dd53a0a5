//! Every fault of a Caddyfile in one run: beside each Caddyfile under `tests/faults` stands the list of its faults, each
//! with its place. `CADDYCTL_BLESS=1 cargo test --test faults` writes the lists anew.

#[path = "support/bless.rs"]
mod bless;

use std::fs;
use std::path::Path;

use caddyctl::compile::compile;
use caddyctl::source::{Disk, Env};

/// The faults of the Caddyfile in `folder`, a line each.
fn faults(folder: &Path) -> String {
    let text = fs::read(folder.join("Caddyfile")).unwrap();
    let compilation = compile("./Caddyfile", &text, &Env::empty(), &Disk::new(folder));
    let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let lines = errors.map(|error| {
        let place =
            error.primary.as_ref().map_or(String::new(), |label| compilation.sources.place(label.span));
        format!("{place} {}\n", error.message)
    });
    lines.collect()
}

#[test]
fn all_at_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let (found, expected) = (faults(&folder), folder.join("expected.txt"));
        if bless::blessing() {
            fs::write(&expected, &found).unwrap();
        }
        assert_eq!(found, fs::read_to_string(&expected).unwrap(), "{}", folder.display());
    }
}
