//! What a table lists for help and what code reads are the same: each row that a directive reads itself is read, and each
//! word that the code of a table reads is in one.

use crate::support::caddy::compile;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_language::diagnostics::Code;
use caddyctl_language::modules;
use caddyctl_language::reference::{self, DIRECTIVE, Entry, MATCHER, OPTION};
use caddyctl_language::source::{Env, Memory};
use caddyctl_language::spec::{Holds, Kind, Row};

/// A word that no table has.
const NOBODYS: &str = "nobodys_word";

/// Words in whose blocks no word is unknown: fields, variables and resources have any name, Caddy ignores the rest, or the
/// example has an argument in place of the block.
const OPEN: &[&str] = &[
    "append",
    "copy_response",
    "header",
    "leaf",
    "map",
    "preferred_chains",
    "push",
    "templates",
    "try_files",
];

/// Rows that are read only to say that Caddy has them no longer.
const GONE: &[&str] = &["interval", "burst"];

/// Where the modules of a namespace may stand.
const PLACES: &[(&str, &str)] = &[
    ("caddy.logging.encoders", "example.com {\n log {\n format MODULE\n }\n}\n"),
    (
        "caddy.logging.encoders.filter",
        "example.com {\n log {\n format filter {\n wrap json\n a MODULE\n }\n }\n}\n",
    ),
    ("caddy.storage", "{\n storage MODULE\n}\n"),
    ("http.encoders", "example.com {\n encode {\n MODULE\n }\n}\n"),
    ("http.reverse_proxy.transport", "example.com {\n reverse_proxy a {\n transport MODULE\n }\n}\n"),
    ("tls.ca_pool.source", "example.com {\n tls {\n client_auth {\n trust_pool MODULE\n }\n }\n}\n"),
    ("tls.client_auth.verifier", "example.com {\n tls {\n client_auth {\n verifier MODULE\n }\n }\n}\n"),
    ("tls.issuance", "example.com {\n tls {\n issuer MODULE\n }\n}\n"),
];

/// The entry in a file, with `lines` in its block; `None` for modules of which no row is read by code.
fn file(entry: &Entry, lines: &str) -> Option<String> {
    let example = match entry.what {
        DIRECTIVE | OPTION | MATCHER => reference::example(entry)?,
        what => {
            let namespace = modules::ALL.iter().find(|namespace| namespace.what == what)?;
            let (_, place) = PLACES.iter().find(|(id, _)| *id == namespace.id)?;
            let argument = if entry.args.starts_with('<') { " x" } else { "" };
            place.replace("MODULE", &format!("{}{argument}", entry.name))
        }
    };
    let mut out = String::new();
    let mut is_in = false;
    for line in example.lines() {
        let names_it = line.split_whitespace().any(|word| word == entry.name);
        match line.strip_suffix('{').filter(|_| names_it && !is_in) {
            Some(_) => writeln!(out, "{line}\n{lines}").unwrap(),
            None if names_it && !is_in => writeln!(out, "{line} {{\n{lines}\n}}").unwrap(),
            None => writeln!(out, "{line}").unwrap(),
        }
        is_in |= names_it;
    }
    is_in.then_some(out)
}

/// Whether the first word of the last of `lines` is unknown there.
fn is_unknown(entry: &Entry, lines: &str, name: &str) -> Option<bool> {
    let text = file(entry, lines)?;
    let found = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/srv"));
    let unknown = [Code::UNKNOWN_SUBDIRECTIVE, Code::UNKNOWN_MODULE];
    let is_it = |message: &str| message.contains(&format!("`{name}`"));
    Some(found.diagnostics.iter().any(|found| unknown.contains(&found.code) && is_it(&found.message)))
}

/// Visits each row that code reads, with the lines before it that open the blocks around it, and those behind.
fn own_rows<'r>(rows: &'r [Row], open: &str, close: &str, visit: &mut impl FnMut(&'r Row, &str, &str)) {
    for row in rows {
        if matches!(row.kind, Kind::Own) {
            visit(row, open, close);
        }
        let argument = if row.args.starts_with('<') { " x" } else { "" };
        let open = format!("{open}{}{argument} {{\n", row.name);
        own_rows(row.block(), &open, &format!("\n}}{close}"), visit);
    }
}

#[test]
fn each_row_is_read() {
    let (mut asked, mut unread, mut unasked) = (0, Vec::new(), Vec::new());
    for entry in reference::all().filter(|entry| entry.holds == Holds::Rows) {
        own_rows(entry.rows, "", "", &mut |row, open, close| {
            let line = |name: &str| format!("{open}{name} x{close}");
            let place = format!("{} {} > {open:?} {}", entry.what, entry.name, row.name);
            // Where any word may stand, or none is looked at, nothing shows whether this one is read.
            let is_gone = GONE.contains(&row.name.as_str());
            let is_response_matcher = open.starts_with("match");
            if row.name.starts_with('@') || is_gone || is_response_matcher || OPEN.contains(&entry.name) {
                return;
            }
            match is_unknown(&entry, &line(NOBODYS), NOBODYS) {
                Some(true) => {
                    asked += 1;
                    if is_unknown(&entry, &line(&row.name), &row.name) != Some(false) {
                        unread.push(place);
                    }
                }
                _ => unasked.push(place),
            }
        });
    }
    assert!(unread.is_empty(), "help lists what no code reads:\n{}", unread.join("\n"));
    assert!(unasked.is_empty(), "a word that no table has is not refused:\n{}", unasked.join("\n"));
    assert!(asked > 100, "only {asked} rows");
}

#[test]
fn each_word_that_is_read_is_in_a_table() {
    let mut declared = BTreeSet::new();
    let mut add = |text: &str| {
        for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))) {
            declared.insert(word.trim_end_matches("...").to_owned());
        }
    };
    for entry in reference::all() {
        add(entry.name);
        add(entry.args);
        all(entry.rows, &mut |row| {
            add(&row.name);
            add(&row.args);
        });
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/language/src");
    let mut missing = Vec::new();
    for folder in ["directives", "matchers", "modules", "options"] {
        for path in sources(&root.join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().map(str::trim).filter(|line| line.starts_with(['"', '|'])) {
                let Some((pattern, _)) = line.split_once("=>") else { continue };
                for word in pattern.split('"').skip(1).step_by(2) {
                    if !declared.contains(word) && !NOT_READ.contains(&word) {
                        missing.push(format!("{}: {word}", path.strip_prefix(&root).unwrap().display()));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "code reads what no table has:\n{}", missing.join("\n"));
}

/// Visits rows, and those in their blocks.
fn all<'r>(rows: &'r [Row], visit: &mut impl FnMut(&'r Row)) {
    for row in rows {
        visit(row);
        all(row.block(), visit);
    }
}

/// Words of match arms that are not words of the language: values, and words of other programs.
const NOT_READ: &[&str] = &["true", ".", "..", "ws", "wss", "self_signed", "info", "warn"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else {
            all.push(path);
        }
    }
    all
}
