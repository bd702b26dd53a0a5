//! Golden cases: a folder for each directive or feature under `tests/adapt`, the examples, and the Caddyfile that this
//! project exists for. Beside each Caddyfile stands what the real Caddy 2.11.7 makes of it: `expected.json`, or an empty
//! file `refused`; for the examples `caddy.json`, indented. `CADDYCTL_BLESS=1 ./test adapt::` asks Caddy again.

use crate::support::bless;
use crate::support::caddy;
use crate::support::caddy::compile;

use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_host::Disk;
use caddyctl_language::source::Env;

fn folders(below: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
    let entries = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut all: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.join("Caddyfile").is_file()).collect();
    all.sort();
    assert!(!all.is_empty(), "{} has no cases", root.display());
    all
}

fn compiled(folder: &Path) -> caddyctl_language::compile::Compilation {
    let text = fs::read(folder.join("Caddyfile")).unwrap();
    compile("./Caddyfile", &text, &Env::empty(), &Disk::new(folder))
}

fn faults(compilation: &caddyctl_language::compile::Compilation) -> String {
    let lines = compilation.diagnostics.iter().filter(|d| d.is_error()).map(|d| {
        let place = d.primary.as_ref().map_or(String::new(), |label| compilation.sources.place(label.span));
        format!("    {place} {}", d.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn golden_cases() {
    let mut failures = Vec::new();
    for folder in folders("tests/adapt") {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (expected, refused) = (folder.join("expected.json"), folder.join("refused"));
        if bless::blessing() {
            for old in [&expected, &refused] {
                let _ = fs::remove_file(old);
            }
            match caddy::adapt(&folder, &[]) {
                Ok(json) => fs::write(&expected, json).unwrap(),
                Err(_) => fs::write(&refused, "").unwrap(),
            }
        }
        let compilation = compiled(&folder);
        match (compilation.json(), refused.exists()) {
            (Some(_), true) => failures.push(format!("{name}: accepted, and Caddy refuses it")),
            (None, false) => {
                failures.push(format!("{name}: refused, and Caddy accepts it\n{}", faults(&compilation)));
            }
            (Some(json), false) => {
                let theirs = fs::read(&expected).unwrap();
                if json != theirs.trim_ascii_end() {
                    let ours = String::from_utf8_lossy(&json);
                    failures.push(format!(
                        "{name}: other bytes\n  ours  {ours}\n  Caddy {}",
                        String::from_utf8_lossy(&theirs)
                    ));
                }
            }
            (None, true) => {}
        }
    }
    assert!(failures.is_empty(), "{} of the golden cases differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn examples() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut all = folders("examples");
    all.push(root);
    for folder in all {
        let expected = if folder.join("Cargo.toml").exists() {
            folder.join("tests/caddy.json")
        } else {
            folder.join("caddy.json")
        };
        if bless::blessing() {
            fs::write(&expected, caddy::adapt(&folder, &["--pretty"]).expect("Caddy accepts every example"))
                .unwrap();
        }
        let compilation = compiled(&folder);
        let json = compilation
            .pretty()
            .unwrap_or_else(|| panic!("{}: refused\n{}", folder.display(), faults(&compilation)));
        let theirs = fs::read(&expected).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&json),
            String::from_utf8_lossy(theirs.trim_ascii_end()),
            "{}",
            folder.display()
        );
        let compact = compilation.json().unwrap();
        let as_tree = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
        assert_eq!(as_tree(&compact), as_tree(&json));
        assert!(compilation.diagnostics.is_empty(), "{}: {:?}", folder.display(), compilation.diagnostics);
    }
}
