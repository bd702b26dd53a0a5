//! What people read uses the words of the glossary in CONTRIBUTING.md: help, messages, pages and documents. The words that it
//! replaces are in `english/words.txt`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text that people read, with where it is.
struct Text {
    location: String,
    text: String,
}

/// The words that are replaced, and the phrases with such words that are fine.
struct Words {
    replaced: Vec<(String, String)>,
    allowed: Vec<String>,
}

#[test]
fn documents() {
    let names = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md"];
    let mut paths: Vec<PathBuf> = names.iter().map(|name| root().join(name)).collect();
    paths.extend(files(&root().join("docs"), "md"));
    paths.extend(files(&root().join("docs"), "json"));
    paths.extend(files(&root().join("examples"), "md"));
    paths.extend(files(&root().join("crates/language/src/diagnostics/pages"), "md"));
    let texts: Vec<Text> = paths.iter().flat_map(|path| paragraphs(path)).collect();
    check(&texts, 200);
}

#[test]
fn help() {
    let all = help_of(&[]);
    let commands = all.split_once("Commands:\n").expect("help lists the commands").1;
    let commands = commands.split("\n\n").next().unwrap_or_default().lines();
    let commands = commands.filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let names = commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let mut texts = vec![Text { location: "--help".to_owned(), text: all.clone() }];
    for name in names {
        texts.push(Text { location: format!("{name} --help"), text: help_of(&[name]) });
    }
    check(&texts, 8);
}

#[test]
fn messages() {
    let mut texts = Vec::new();
    for path in sources() {
        for piece in pieces(&fs::read_to_string(&path).unwrap()) {
            if !piece.is_comment && piece.text.contains(' ') {
                texts.push(Text { location: location(&path, piece.line), text: prose(&piece.text) });
            }
        }
    }
    check(&texts, 2000);
}

/// Fails with each text that has a word that is replaced, or if there are fewer texts than `least`.
fn check(texts: &[Text], least: usize) {
    assert!(texts.len() >= least, "only {} texts: did they move?", texts.len());
    let words = Words::read();
    let mut wrong = String::new();
    for Text { location, text } in texts {
        for (word, replacement, around) in words.found_in(text) {
            writeln!(wrong, "{location}: …{around}…\n    instead of `{word}`: {replacement}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

impl Words {
    fn read() -> Self {
        let (mut replaced, mut allowed) = (Vec::new(), Vec::new());
        for line in include_str!("english/words.txt").lines() {
            let line = line.trim();
            if let Some(phrase) = line.strip_prefix("allow ") {
                allowed.push(plain(phrase));
            } else if !line.is_empty() && !line.starts_with('#') {
                let (words, replacement) = line.split_once(" -> ").expect("words -> replacement");
                replaced.extend(words.split(", ").map(|word| (plain(word), replacement.to_owned())));
            }
        }
        Self { replaced, allowed }
    }

    /// Each word that is replaced and occurs in a text, with its replacement and the text around it.
    fn found_in(&self, text: &str) -> Vec<(&str, &str, String)> {
        let mut text = plain(text);
        for phrase in &self.allowed {
            text = text.replace(phrase.as_str(), " · ");
        }
        let mut found = Vec::new();
        for (word, replacement) in &self.replaced {
            for (at, _) in text.match_indices(word.as_str()) {
                let start = text[..at].char_indices().rev().nth(40).map_or(0, |(at, _)| at);
                let around: String = text[start..].chars().take(90).collect();
                found.push((word.trim(), replacement.as_str(), around.trim().to_owned()));
            }
        }
        found
    }
}

/// A text in lower case, with one space around each word.
fn plain(text: &str) -> String {
    let mut plain = " ".to_owned();
    for letter in text.chars() {
        if letter.is_alphanumeric() || matches!(letter, '\'' | '’') {
            plain.extend(letter.to_lowercase());
        } else if letter.is_whitespace() {
            plain.push(' ');
        } else {
            plain.extend([' ', letter, ' ']);
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    format!(" {} ", words.join(" "))
}

/// Markdown without its code.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    for (number, part) in text.split("```").enumerate() {
        if number % 2 == 0 {
            prose.extend(part.split('`').enumerate().map(|(at, part)| if at % 2 == 0 { part } else { "`" }));
        }
        prose.push('\n');
    }
    prose
}

/// The paragraphs of a document, without its code and without the glossary, which names what it replaces.
fn paragraphs(path: &Path) -> Vec<Text> {
    let text = prose(&fs::read_to_string(path).unwrap());
    let sections = text.split("\n## ").filter(|section| !section.starts_with("Glossary"));
    let paragraphs = sections.flat_map(|section| section.split("\n\n"));
    paragraphs.map(|text| Text { location: location(path, 0), text: text.to_owned() }).collect()
}

fn help_of(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_caddyctl")).args(arguments).arg("--help").output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A string literal or a comment.
struct Piece {
    line: usize,
    text: String,
    is_comment: bool,
}

/// The string literals and comments of Rust code, up to its tests.
fn pieces(code: &str) -> Vec<Piece> {
    let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some(next) = code[at..].find(['/', '"', '\'']).map(|next| at + next) {
        let (rest, before) = (&code[next..], &code[..next]);
        let line = before.matches('\n').count() + 1;
        if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            let text = rest[..end].trim_start_matches(['/', '!']).to_owned();
            pieces.push(Piece { line, text, is_comment: true });
            at = next + end;
        } else if rest.starts_with('"') {
            let hashes = before.len() - before.trim_end_matches('#').len();
            let is_raw = before[..before.len() - hashes].ends_with('r');
            let length = if is_raw { raw_length(rest, hashes) } else { quoted_length(rest) };
            let text = rest[1..length].to_owned();
            let text = if is_raw { text } else { unescaped(&text) };
            pieces.push(Piece { line, text, is_comment: false });
            at = next + length + 1;
        } else if rest.starts_with('\'') {
            // A character, or a lifetime.
            let mut letters = rest.char_indices().skip(1);
            let length = match (letters.next(), letters.next()) {
                (Some((_, '\\')), _) => rest[3..].find('\'').map_or(1, |end| end + 4),
                (_, Some((end, '\''))) => end + 1,
                _ => 1,
            };
            at = next + length;
        } else {
            at = next + 1;
        }
    }
    pieces
}

/// Where the quote is that closes a raw string.
fn raw_length(text: &str, hashes: usize) -> usize {
    let end = format!("\"{}", "#".repeat(hashes));
    text[1..].find(&end).map_or(text.len() - 1, |at| at + 1)
}

/// Where the quote is that closes a string.
fn quoted_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len() - 1
}

/// A literal without the escapes that matter to its words.
fn unescaped(text: &str) -> String {
    let mut unescaped = String::new();
    for (number, line) in text.split("\\\n").enumerate() {
        unescaped.push_str(if number == 0 { line } else { line.trim_start() });
    }
    unescaped.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"")
}

/// The code of the program and its packages.
fn sources() -> Vec<PathBuf> {
    let folders =
        ["src", "crates/language/src", "crates/analysis/src", "crates/host/src", "crates/deploy/src"];
    let all = folders.iter().flat_map(|folder| files(&root().join(folder), "rs"));
    all.filter(|path| !path.ends_with("tests.rs")).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            all.push(path);
        }
    }
    all.sort();
    all
}

fn location(path: &Path, line: usize) -> String {
    let path = path.strip_prefix(root()).unwrap().display();
    if line == 0 { path.to_string() } else { format!("{path}:{line}") }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
