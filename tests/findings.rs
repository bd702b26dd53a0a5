//! No code decides by the words of a finding: whoever words a message or a help anew changes nothing but what is read.

use std::fs;
use std::path::Path;

use crate::circles::rust_files;

/// Names of the texts of a finding.
const WORDS: [&str; 4] = ["message", "help", "helps", "reason"];

/// What looks into a text, or compares it.
const LOOKS: [&str; 14] = [
    ".contains(",
    ".starts_with(",
    ".ends_with(",
    ".split",
    ".rsplit",
    ".find(",
    ".rfind(",
    ".match_indices(",
    ".strip_",
    ".trim",
    ".cmp(",
    ".iter().any(",
    " == ",
    " != ",
];

/// Files that shorten, hide or draw messages, and those that read what Caddy itself says.
const ALLOWED: [&str; 5] = [
    "crates/language/src/diagnostics/length.rs",
    "crates/language/src/diagnostics/discretion.rs",
    "crates/language/src/diagnostics/render/",
    "crates/deploy/src/admin",
    "src/cli/fault.rs",
];

#[test]
fn nothing_is_decided_by_the_words_of_a_message() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut wrong, mut allowed) = (Vec::new(), 0);
    for source in
        ["src", "crates/language/src", "crates/analysis/src", "crates/host/src", "crates/deploy/src"]
    {
        for path in rust_files(&root.join(source)) {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if name.ends_with("/tests.rs") {
                continue;
            }
            let found = looks(&fs::read_to_string(&path).unwrap());
            if ALLOWED.iter().any(|start| name.starts_with(start)) {
                allowed += found.len();
            } else {
                wrong.extend(found.into_iter().map(|line| format!("{name}: {line}")));
            }
        }
    }
    assert!(allowed > 3, "only {allowed} lines look into messages: are the words right?");
    assert!(wrong.is_empty(), "these look into a message or a help:\n{}", wrong.join("\n"));
}

/// The statements of code, outside of tests, that look into what a finding says.
fn looks(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut statements: Vec<String> = Vec::new();
    for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        match statements.last_mut() {
            Some(before) if line.starts_with(['.', '=', '!']) => {
                before.push_str(if line.starts_with('.') { "" } else { " " });
                before.push_str(line);
            }
            _ => statements.push(line.to_owned()),
        }
    }
    statements.retain(|statement| {
        WORDS.iter().any(|word| {
            statement.match_indices(word).any(|(at, _)| {
                let (before, behind) = (&statement[..at], &statement[at + word.len()..]);
                let is_in_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '"';
                let looked = behind.replacen(".as_str()", "", 1).replacen(".iter()", "", 1);
                let is_compared = before.trim_end_matches('&').rsplit(' ').next().is_some_and(|path| {
                    let start = &before[..before.len() - path.len().min(before.len())];
                    start.ends_with("== ") || start.ends_with("!= ")
                });
                !before.ends_with(is_in_name)
                    && !behind.starts_with(is_in_name)
                    && (is_compared || LOOKS.iter().any(|look| looked.starts_with(look)))
            })
        })
    });
    statements
}

/// The files with the words of a code: nothing else makes a diagnostic with it.
const CODES: [(&str, &str); 5] = [
    ("BRACES", "crates/language/src/diagnostics/braces.rs"),
    ("IMPORT", "crates/language/src/diagnostics/import.rs"),
    ("ARGUMENTS", "crates/language/src/spec/fault/arguments.rs"),
    ("VALUE", "crates/language/src/spec/fault/value.rs"),
    ("CONFLICT", "crates/language/src/spec/fault/conflict.rs"),
];

#[test]
fn the_words_of_a_code_are_in_one_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (code, home) in CODES {
        let mut elsewhere = Vec::new();
        let mut at_home = 0;
        for source in ["crates/language/src", "crates/analysis/src"] {
            for path in rust_files(&root.join(source)) {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let made = makers(&text, code);
                if name == home {
                    at_home += made;
                } else if made > 0 {
                    elsewhere.push(name);
                }
            }
        }
        assert!(at_home > 0, "{home} makes no {code}");
        assert!(elsewhere.is_empty(), "{code} is made outside of {home}: {elsewhere:?}");
    }
}

/// How many diagnostics with a code are made by the code of a file, outside of tests.
fn makers(text: &str, code: &str) -> usize {
    let text: String = text.split("#[cfg(test)]").next().unwrap_or_default().split_whitespace().collect();
    let code = format!("Code::{code},");
    ["::new(", "::error(", "::warning("]
        .iter()
        .map(|make| text.matches(&format!("{make}{code}")).count())
        .sum()
}

#[test]
fn it_finds_what_looks() {
    let looking = [
        "if fault.message.starts_with(\"on-demand\") {",
        "let quoted = finding.message.split('`');",
        "let quoted = finding\n    .message\n    .split('`');",
        "one.message == other.message",
        "known == &fault.message",
        "found.helps.iter().any(|help| help.contains(HELP))",
        "fault.reason.as_str() == \"x\"",
    ];
    for code in looking {
        assert_eq!(looks(code).len(), 1, "{code}");
    }
    for code in ["let message = format!(\"…\");", "found.helps.is_empty()", "cursor.text() != \"message\""]
    {
        assert!(looks(code).is_empty(), "{code}");
    }
}
