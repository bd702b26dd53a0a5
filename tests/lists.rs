//! No list repeats the directives: what is known of one is in its declaration, and everything else reads that.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_language::directives;

/// So many different names of directives in one item of a source are a list of them.
const MOST: usize = 3;

/// Items that may name more directives, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    // What is secret is known where nothing is known of the language yet, also of words that are none of stock Caddy.
    ("crates/language/src/source/secrets/words.rs", "const NAMED"),
    ("crates/language/src/source/secrets/words.rs", "fn which"),
    ("crates/language/src/source/secrets/names.rs", "\"method\""),
    // What to write for a version that does not have a word.
    ("crates/language/src/version/instead.rs", "const ALL"),
    // Parts of Caddy's JSON, each with the options and directives that write it.
    ("crates/analysis/src/check/words.rs", "fn anywhere"),
    // Single facts that a rule measured on Caddy, directive by directive.
    ("crates/analysis/src/lint/rules/correctness/nested_path.rs", "fn changes_path"),
    ("crates/analysis/src/lint/rules/correctness/empty_block.rs", "fn check("),
    ("crates/analysis/src/lint/rules/correctness/status_word.rs", "fn check("),
    ("crates/analysis/src/lint/rules/correctness/unknown_placeholder.rs", "const REPLACED"),
    ("crates/analysis/src/lint/rules/correctness/set_twice.rs", "const LAST_COUNTS"),
    // Matchers, and their settings in JSON.
    ("crates/analysis/src/routes/words.rs", "fn matcher"),
    ("crates/analysis/src/requests/program/matchers.rs", "fn name"),
    ("crates/analysis/src/requests/program/matchers.rs", "fn decode"),
    // Handlers of Caddy's JSON, each with what the model makes of it.
    ("crates/analysis/src/requests/program/decode.rs", "fn kind"),
];

#[test]
fn no_list_repeats_the_directives() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names: BTreeSet<&str> = directives::ALL.iter().map(|directive| directive.name.as_str()).collect();
    let mut found = Vec::new();
    let mut excepted = BTreeSet::new();
    for folder in ["src", "crates"] {
        for path in sources(&root.join(folder)) {
            let place = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if place.starts_with("crates/language/src/directives") || place.contains("/tests/") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for item in items(&text) {
                let listed = named(item, &names);
                if listed.len() <= MOST {
                    continue;
                }
                match EXCEPTIONS.iter().find(|(file, start)| *file == place && item.contains(start)) {
                    Some(exception) => {
                        excepted.insert(*exception);
                    }
                    None => found.push(format!("{place}: {listed:?}")),
                }
            }
        }
    }
    assert!(found.is_empty(), "these belong into declarations of directives:\n{}", found.join("\n"));
    assert_eq!(excepted, EXCEPTIONS.iter().copied().collect(), "each exception is one");
}

#[test]
fn a_list_is_found() {
    let names = ["handle", "route", "respond", "redir"].into_iter().collect();
    let text = "fn a() -> bool {\n    matches!(name, \"handle\" | \"route\")\n        || name == \"respond\"\n}\n\nfn b() { c(\"redir\") }\n";
    let counts: Vec<usize> = items(text).map(|item| named(item, &names).len()).collect();
    assert_eq!(counts, [3, 1]);
    assert_eq!(named("// \"handle\"\nlet a = \"a handle\";\n", &names).len(), 0);
}

/// The items of a file: what begins at the left margin and goes on to the next line there that begins with a word. Tests
/// are left out.
fn items(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let begins = |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase());
    let mut starts = vec![0];
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        // The functions of an `impl` are items too.
        let inner = line.strip_prefix("    ").unwrap_or_default();
        if begins(line) || inner.starts_with("pub ") || inner.starts_with("pub(") || inner.starts_with("fn ")
        {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(code.len());
    let pieces: Vec<&str> = starts.windows(2).map(|pair| &code[pair[0]..pair[1]]).collect();
    pieces.into_iter().filter(|piece| !piece.is_empty())
}

/// The names among the string literals of an item.
fn named<'n>(item: &str, names: &BTreeSet<&'n str>) -> BTreeSet<&'n str> {
    let code = item.lines().filter(|line| !line.trim_start().starts_with("//"));
    let literals = code.flat_map(|line| line.split('"').skip(1).step_by(2));
    literals.filter_map(|literal| names.get(literal).copied()).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all
}
