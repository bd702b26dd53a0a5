//! What counts as a secret in a text, kind by kind.

use std::fmt::Write as _;

use caddyctl_language::source::secrets::Marks;

/// Entries of a table, one or more lines each, with a blank line between them.
fn entries(table: &str) -> impl Iterator<Item = &str> {
    table.split("\n\n").map(|entry| entry.trim_matches('\n')).filter(|entry| !entry.is_empty())
}

/// An entry with stars over its secrets, inside a site unless it is a whole text.
fn covered(entry: &str) -> String {
    let text = format!("example.com {{\n{entry}\n}}\n");
    let marks = Marks::of(&text);
    assert!(marks.iter().all(|mark| !text[mark.clone()].contains('\n')));
    let covered = marks.cover(&text, 0..text.len()).into_owned();
    assert_eq!(covered.len(), text.len());
    covered
}

#[test]
fn each_kind_of_secret_is_covered() {
    let mut shown = String::new();
    let table = include_str!("secret.txt");
    for entry in entries(table) {
        assert!(entry.contains("S3KR"), "{entry}");
        let covered = covered(entry);
        if covered.contains("S3KR") {
            let _ = writeln!(shown, "{entry}\n  ->\n{covered}");
        }
    }
    assert!(entries(table).count() >= 150);
    assert_eq!(shown, "");
}

#[test]
fn what_is_no_secret_stays_readable() {
    let mut masked = String::new();
    let table = include_str!("harmless.txt");
    for entry in entries(table) {
        let covered = covered(entry);
        if covered != format!("example.com {{\n{entry}\n}}\n") {
            let _ = writeln!(masked, "{entry}\n  ->\n{covered}");
        }
    }
    assert!(entries(table).count() >= 150);
    assert_eq!(masked, "");
}

/// Of the words of public Caddyfiles hardly any is covered. `CADDYCTL_SHOW=1` prints those that are.
#[test]
fn public_files_stay_readable() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/realworld/visible");
    let Ok(samples) = std::fs::read_dir(folder) else { return };
    let (mut words, mut hidden) = (0, 0);
    for sample in samples.flatten() {
        let Ok(text) = std::fs::read_to_string(sample.path().join("Caddyfile")) else { continue };
        words += text.split_whitespace().count();
        let marks = Marks::of(&text);
        hidden += marks.iter().count();
        if std::env::var_os("CADDYCTL_SHOW").is_some() {
            for mark in marks.iter() {
                let start = text[..mark.start].rfind('\n').map_or(0, |at| at + 1);
                println!(
                    "{} :: {} >>> {}",
                    sample.file_name().to_string_lossy(),
                    text[start..mark.start].trim(),
                    &text[mark.clone()]
                );
            }
        }
    }
    println!("{hidden} of {words} words are covered");
    assert!(hidden * 100 <= words, "{hidden} of {words} words are covered");
}
