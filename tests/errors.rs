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
    // Where braces are at fault, no lint rule can look.
    let said = String::from_utf8_lossy(&out.stderr);
    let is_note =
        said.is_empty() || (said.starts_with("note: no lint rule checked ") && said.lines().count() == 1);
    assert!(is_note, "{}: {said}", file.display());
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

/// A block that is open at the end of a file: Caddy accepts it, and what was meant is in another block.
#[test]
fn a_file_that_ends_inside_a_block_has_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    for (text, place) in [
        ("a.example.com {\n\thandle {\n\t\trespond x\n\t}\n", "1:15"),
        (
            "a.example.com {\n\thandle /x {\n\t\trespond x\n\n\t\thandle /y {\n\t\t\trespond y\n\t\t}\n}\n",
            "2:12",
        ),
        ("a.example.com {\n\thandle /x {\n\t\trespond x\n\n\thandle /y {\n\t\trespond y\n\t}\n}\n", "2:12"),
    ] {
        fs::write(folder.path().join("Caddyfile"), text).unwrap();
        let out = caddy::run(folder.path(), &["validate", "--config", "Caddyfile"], b"");
        assert!(out.status.success(), "the real Caddy rejects {text}");
        let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
            .args(["validate", "--format", "concise"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let found = String::from_utf8(out.stdout).unwrap();
        let expected = format!("Caddyfile:{place}: warning[E0003]: this block is never closed");
        assert!(out.status.success() && found.contains(&expected), "{text}\n{found}");
    }
}

/// What a help offers to copy: the texts in backticks that have several words, are complete and are no command.
fn offered(text: &str) -> Vec<String> {
    let helps = text.lines().filter_map(|line| line.trim().strip_prefix("= help: "));
    // What Caddy 1 had is quoted, and not offered.
    let helps = helps.map(|help| match help.split_once("Caddy 1") {
        Some((_, after)) => after.splitn(3, '`').nth(2).unwrap_or_default(),
        None => help,
    });
    let quoted = helps.flat_map(|help| help.split('`').skip(1).step_by(2));
    let is_whole = |text: &&str| {
        let commands = ["caddy ", "caddyctl ", "validate ", "import ", "fmt "];
        text.contains(' ')
            && !text.contains(['<', '…'])
            && !text.contains("...")
            && !text.ends_with('{')
            && !commands.iter().any(|command| text.starts_with(command))
    };
    quoted.filter(is_whole).map(str::to_owned).collect()
}

#[test]
fn the_real_caddy_accepts_what_a_help_offers() {
    let folder = tempfile::tempdir().unwrap();
    let texts = cases().into_iter().map(|file| fs::read_to_string(file.with_extension("txt")).unwrap());
    let mut all: Vec<String> = texts.flat_map(|text| offered(&text)).collect();
    all.sort();
    all.dedup();
    assert!(all.len() > 15, "only {} are offered: {all:?}", all.len());
    let is_accepted = |text: &String| {
        let places = [
            format!("example.com {{\n\t@matcher path /old\n\t{text}\n}}\n"),
            format!("example.com {{\n\tforward_auth localhost:1 {{\n\t\t{text}\n\t}}\n}}\n"),
            format!("example.com {{\n\t@m {{\n\t\t{text}\n\t}}\n\trespond @m ok\n}}\n"),
            format!("example.com {{\n\treverse_proxy localhost:1 {{\n\t\t{text}\n\t}}\n}}\n"),
            format!("example.com {{\n\ttls {{\n\t\t{text}\n\t}}\n}}\n"),
            format!("example.com {{\n\tlog {{\n\t\t{text}\n\t}}\n}}\n"),
            format!("{{\n\t{text}\n}}\n"),
            format!("{text} {{\n\trespond ok\n}}\n"),
        ];
        places.iter().any(|file| {
            fs::write(folder.path().join("Caddyfile"), file).unwrap();
            caddy::run(folder.path(), &["adapt", "--config", "Caddyfile"], b"").status.success()
        })
    };
    let refused: Vec<_> = all.iter().filter(|text| !is_accepted(text)).collect();
    assert!(refused.is_empty(), "the real Caddy accepts none of these anywhere: {refused:#?}");
}

/// A block on one line, which Caddy rejects, is in no text of a message.
#[test]
fn no_text_has_a_block_on_one_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for source in ["crates/language/src", "crates/analysis/src"] {
        for path in crate::circles::rust_files(&root.join(source)) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                let quoted = line.split('`').skip(1).step_by(2);
                let is_block = |text: &str| text.ends_with('}') && text.contains(" {") && text.contains("{ ");
                found.extend(
                    quoted.filter(|text| is_block(text)).map(|text| format!("{}: {text}", path.display())),
                );
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
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
