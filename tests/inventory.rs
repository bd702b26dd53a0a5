//! Every word of the Caddyfile language is declared in a table: the rows of `../shared/spec/inventory.tsv` against the
//! names and syntaxes of the registry. Rows that describe a behaviour rather than a word are named in `BEHAVIOURS`, and
//! golden cases hold them. Without the file, the test says so and leaves it out.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use caddyctl_language::spec::{Kind, ModuleSpec, Row};
use caddyctl_language::{directives, matchers, modules, options};

/// Last parts of rows that say how something behaves; there is no word to declare.
const BEHAVIOURS: &[&str] = &[
    // Caddy has a parser for it that no directive of the stock build reaches.
    "connection_policy block",
    // `uri query old>new`: two names of the user's around a sign.
    "a>b",
    "empty",
    "unknown",
    "scope",
    "sort order",
    "ordering",
    "trailing colon",
    "scalar typing",
    "three-char rule",
    "placeholder code",
    "repeated address",
    "unknown option",
    "repeated option",
    "bare resource",
    "scheme inference",
    "upstream address",
    "prefer order",
    "duplicate field",
    "flat field",
    "hostnames in global",
];

/// Adds every word of a text.
fn add(words: &mut BTreeSet<String>, text: &str) {
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-+~?@".contains(c))) {
        if !word.is_empty() {
            words.insert(word.to_owned());
        }
    }
}

fn add_rows(words: &mut BTreeSet<String>, rows: &[Row]) {
    for row in rows {
        words.insert(row.name.to_string());
        add(words, &row.args);
        match &row.kind {
            Kind::Block(rows) | Kind::CustomBlock(_, rows) => add_rows(words, rows),
            Kind::Module(namespace) => namespace.all.iter().for_each(|module| add_module(words, module)),
            Kind::Word(choices) => words.extend(choices.iter().map(ToString::to_string)),
            _ => {}
        }
    }
}

fn add_module(words: &mut BTreeSet<String>, module: &ModuleSpec) {
    // Modules may hold modules of their own kind: `wrap`, `fallback`, `combined`.
    if words.insert(format!("module {} {}", module.name, module.doc)) {
        words.insert(module.name.to_string());
        add(words, &module.syntax());
        add_rows(words, &module.rows);
    }
}

/// All words that the tables declare.
fn declared() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for directive in directives::ALL {
        words.insert(directive.name.to_string());
        add(&mut words, &directive.syntax());
        add_rows(&mut words, &directive.rows);
    }
    for option in options::ALL {
        words.insert(option.name.to_string());
        add(&mut words, &option.syntax());
        add_rows(&mut words, &option.rows);
    }
    for matcher in matchers::ALL {
        words.insert(matcher.name.to_string());
        add(&mut words, &matcher.syntax());
        add_rows(&mut words, &matcher.rows);
    }
    for namespace in modules::ALL {
        namespace.all.iter().for_each(|module| add_module(&mut words, module));
    }
    words
}

#[test]
fn every_word_of_the_language_is_declared() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/spec/inventory.tsv");
    let Ok(text) = fs::read_to_string(&path) else {
        let _ = writeln!(io::stderr(), "left out: there is no {}", path.display());
        return;
    };
    let words = declared();
    let mut missing = Vec::new();
    let (mut counted, mut behaviours) = (0, 0);
    for line in text.lines().skip(1) {
        let mut columns = line.split('\t');
        let (scope, path) = (columns.next().unwrap_or(""), columns.next().unwrap_or(""));
        if matches!(scope, "structure" | "address" | "named-matcher-block") {
            behaviours += 1;
            continue;
        }
        let last = path.split(" > ").last().unwrap_or("");
        if BEHAVIOURS.contains(&last) {
            behaviours += 1;
            continue;
        }
        counted += 1;
        // The last word of a part is its own: `module lb_policy first`, `dynamic srv`. `a/b` are two names for one row.
        let own = last.split(' ').filter(|word| !matches!(*word, "block" | "arg" | "options"));
        let known = own.clone().any(|word| {
            word.split(['/', '|']).all(|name| {
                words.contains(name) || words.contains(name.trim_start_matches(['+', '-', '?', '>', '~']))
            })
        });
        if !known {
            missing.push(format!("{scope}\t{path}"));
        }
    }
    let _ = writeln!(
        io::stderr(),
        "inventory: {counted} words declared, {behaviours} rows of behaviour, {} missing",
        missing.len()
    );
    assert!(missing.is_empty(), "not declared in any table:\n{}", missing.join("\n"));
}
