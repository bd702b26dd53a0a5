//! The standard layout: `tests/fmt/NAME/input.caddyfile` becomes `expected.caddyfile`, and `expected.line` holds the
//! line of the first difference, or `none`.
//!
//! `CADDYCTL_BLESS=1 ./test fmt::` writes both afresh, by asking the real Caddy.

#![allow(clippy::print_stdout, reason = "a parity test prints its score")]

use crate::random_caddyfile;
use crate::support::bless;
use crate::support::caddy;

use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_language::syntax::fmt::{first_difference, format};
use proptest::prelude::*;
use random_caddyfile::{ordinary, tricky};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the real `caddy fmt` prints for a text.
fn real_format(input: &[u8]) -> Vec<u8> {
    let output = caddy::run(Path::new(ROOT), &["fmt", "-"], input);
    assert!(output.status.success(), "caddy fmt failed: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The line which the real `caddy fmt` names for a file that is not formatted.
fn real_first_difference(file: &Path) -> Option<usize> {
    let folder = file.parent().expect("a file in a folder");
    let name = file.file_name().and_then(|name| name.to_str()).expect("a plain file name");
    let output = caddy::run(folder, &["fmt", name], b"");
    if output.status.success() {
        return None;
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, place) = complaint.split_once(&format!("{name}:")).expect("a place in the message");
    let (line, _) = place.split_once(':').expect("a line number in the message");
    Some(line.parse().expect("a line number"))
}

/// The text of an `expected.line`.
fn line_text(line: Option<usize>) -> String {
    line.map_or_else(|| "none\n".to_owned(), |line| format!("{line}\n"))
}

/// The folders below `parent`, in order of their names.
fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Both as text that shows every character, for a message.
fn show(text: &[u8]) -> String {
    text.escape_ascii().to_string().replace("\\n", "\\n\n")
}

#[test]
fn every_rule_has_a_case() {
    let bless = bless::blessing();
    let cases = folders(&Path::new(ROOT).join("tests/fmt"));
    assert!(cases.len() >= 30, "only {} cases found", cases.len());
    let mut failures = Vec::new();
    for case in &cases {
        let file = case.join("input.caddyfile");
        let input = read(&file);
        if bless {
            fs::write(case.join("expected.caddyfile"), real_format(&input)).expect("a writable case");
            fs::write(case.join("expected.line"), line_text(real_first_difference(&file)))
                .expect("a writable case");
        }
        let expected = read(&case.join("expected.caddyfile"));
        let found = format(&input);
        if found != expected {
            failures.push(format!(
                "{}\nexpected:\n{}\nfound:\n{}",
                case.display(),
                show(&expected),
                show(&found)
            ));
        }
        let expected = read(&case.join("expected.line"));
        let found = line_text(first_difference(&input));
        if found.as_bytes() != expected {
            failures.push(format!(
                "{}: first difference {} expected, {found} found",
                case.display(),
                show(&expected)
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Measures against the answers of the real Caddy kept next to the repository, where they are kept.
#[test]
fn parity_with_recorded_answers() {
    let shared = Path::new(ROOT).join("../shared");
    if !shared.exists() {
        println!("fmt: left out, there is no {}", shared.display());
        return;
    }
    let (mut right, mut wrong) = (0, Vec::new());
    for set in ["conformance/caddy-adapt", "realworld/docs", "realworld/visible"] {
        for case in folders(&shared.join(set)) {
            let same = format(&read(&case.join("Caddyfile"))) == read(&case.join("expected.fmt"));
            if same { right += 1 } else { wrong.push(case) }
        }
    }
    println!("fmt: {right} of {}", right + wrong.len());
    assert!(right > 0, "no recorded answers in {}", shared.display());
    assert!(wrong.is_empty(), "formatted otherwise than by the real Caddy: {wrong:#?}");
}

/// The same for the line of the warning that `caddy adapt` gives about a file which it accepts.
#[test]
fn parity_with_recorded_warnings() {
    let shared = Path::new(ROOT).join("../shared");
    if !shared.exists() {
        println!("fmt warnings: left out, there is no {}", shared.display());
        return;
    }
    let (mut right, mut wrong) = (0, Vec::new());
    for set in ["realworld/docs", "realworld/visible"] {
        let mut cases = folders(&shared.join(set));
        cases.retain(|case| case.join("expected.json").exists());
        for case in cases {
            let expected = recorded_warning(&case.join("expected.warn"));
            let found = first_difference(&read(&case.join("Caddyfile")));
            if found == expected {
                right += 1;
            } else {
                wrong.push(format!("{}: {expected:?} expected, {found:?} found", case.display()));
            }
        }
    }
    println!("fmt warnings: {right} of {}", right + wrong.len());
    assert!(right > 0, "no recorded answers in {}", shared.display());
    assert!(wrong.is_empty(), "placed otherwise than by the real Caddy: {wrong:#?}");
}

/// The line of the warning about the layout, if the file of warnings exists and holds one.
fn recorded_warning(path: &Path) -> Option<usize> {
    let warnings = fs::read_to_string(path).ok()?;
    let mut warnings = warnings.lines().map(|line| serde_json::from_str(line).expect("a warning in JSON"));
    let is_layout = |warning: &serde_json::Value| {
        warning["msg"].as_str().is_some_and(|message| message.starts_with("Caddyfile input is not formatted"))
    };
    let warning = warnings.find(is_layout)?;
    warning["line"].as_u64().and_then(|line| usize::try_from(line).ok())
}

/// The text without its white space.
fn ink(text: &str) -> String {
    text.chars().filter(|ch| !ch.is_whitespace()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Caddy itself changes some texts again the second time: a brace before a backslash ends up behind it, and is read
    /// anew there (`tests/fmt/backslash_before_the_held_brace`). So this and the next hold for ordinary text alone.
    #[test]
    fn formatting_twice_changes_nothing(text in ordinary()) {
        let once = format(text.as_bytes());
        prop_assert_eq!(show(&format(&once)), show(&once));
        prop_assert_eq!(first_difference(&once), None);
    }

    #[test]
    fn only_white_space_changes(text in ordinary()) {
        let formatted = String::from_utf8(format(text.as_bytes())).expect("text");
        prop_assert_eq!(ink(&formatted), ink(&text));
    }

    #[test]
    fn any_bytes_become_text_that_ends_with_one_newline(input in prop::collection::vec(any::<u8>(), 0..200)) {
        let formatted = String::from_utf8(format(&input)).expect("text");
        prop_assert!(formatted.ends_with('\n') && !formatted.ends_with("\n\n"), "{formatted:?}");
        first_difference(&input);
    }

    #[test]
    fn tricky_text_is_formatted_as_by_the_real_caddy(input in tricky()) {
        prop_assert_eq!(show(&format(&input)), show(&real_format(&input)));
    }
}
