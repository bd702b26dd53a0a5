//! The house rule: each folder of `src` uses only those that `lib.rs` lists above it.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn each_folder_uses_only_those_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let map = fs::read_to_string(src.join("lib.rs")).unwrap();
    let folders: Vec<&str> =
        map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(folders.len() > 10, "lib.rs lists only {folders:?}");
    let mut wrong = Vec::new();
    for (place, folder) in folders.iter().enumerate() {
        for file in files(&src.join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for below in &folders[place + 1..] {
                if code.lines().any(|line| uses(line, below)) {
                    wrong.push(format!("{} uses crate::{below}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn uses(line: &str, folder: &str) -> bool {
    let path = format!("crate::{folder}");
    !line.trim_start().starts_with("//")
        && line.match_indices(&path).any(|(at, _)| {
            let end = line[at + path.len()..].chars().next();
            !end.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all
}
