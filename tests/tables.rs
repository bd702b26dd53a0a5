//! The laws of the tables: every word has a name of its own, a line of help, a page, and an example that Caddy takes.

use crate::support::caddy;
use crate::support::caddy::compile;

use std::collections::{BTreeSet, HashSet};
use std::fs;

use caddyctl_language::directives;
use caddyctl_language::reference;
use caddyctl_language::source::{Env, Memory};
use caddyctl_language::spec::Row;

fn rows<'r>(rows: &'r [Row], visit: &mut impl FnMut(&'r Row)) {
    for row in rows {
        visit(row);
        self::rows(row.block(), visit);
    }
}

#[test]
fn names_are_unique_where_they_stand() {
    let mut seen = HashSet::new();
    for entry in reference::all() {
        assert!(seen.insert((entry.what, entry.name)), "{} {} is declared twice", entry.what, entry.name);
        let mut blocks = vec![(entry.name, entry.rows)];
        while let Some((of, rows)) = blocks.pop() {
            let mut names = HashSet::new();
            for row in rows {
                assert!(
                    names.insert(row.name.as_str()),
                    "{of} ({}): {} is declared twice",
                    entry.what,
                    row.name
                );
                blocks.push((&row.name, row.block()));
            }
        }
    }
}

/// Lines of help begin with a capital and end without a stop; the page adds it.
fn is_line_of_help(text: &str) -> bool {
    text.len() > 3 && !text.ends_with('.') && !text.starts_with(char::is_lowercase) && !text.contains('\n')
}

#[test]
fn every_word_has_a_line_of_help_and_a_page() {
    for entry in reference::all() {
        assert!(is_line_of_help(entry.doc), "{} {}: {:?}", entry.what, entry.name, entry.doc);
        let syntax = entry.syntax();
        let is_own = syntax.split(' ').next() == Some(entry.name);
        assert!(is_own, "{} {}: the syntax begins with something else: {}", entry.what, entry.name, syntax);
        let page = reference::page(directives::stock(), entry.name).unwrap_or_default();
        rows(entry.rows, &mut |row| {
            assert!(is_line_of_help(&row.doc), "{} {}: {:?}", entry.name, row.name, row.doc);
            assert!(page.contains(row.doc.as_str()), "{}: the page lacks `{}`", entry.name, row.name);
            assert!(
                reference::page(directives::stock(), &row.name).is_some(),
                "{}: `{}` has no page",
                entry.name,
                row.name
            );
        });
    }
}

/// Modules that no configuration names: parts of the program itself.
const OF_THE_PROGRAM: [&str; 3] = ["admin.api.", "caddy.adapters.", "caddy.config_loaders."];

#[test]
fn the_modules_are_those_of_the_stock_build() {
    let folder = tempfile::tempdir().unwrap();
    let listed = String::from_utf8(caddy::run(folder.path(), &["list-modules"], b"").stdout).unwrap();
    // The list ends with a line for each kind of module, which says how many there are.
    let is_named = |line: &&str| {
        line.starts_with(|c: char| c.is_ascii_lowercase())
            && !OF_THE_PROGRAM.iter().any(|start| line.starts_with(start))
    };
    let theirs: BTreeSet<&str> = listed.lines().filter(is_named).collect();
    let ours: BTreeSet<String> = reference::modules().map(|id| id.to_string()).collect();
    assert_eq!(ours.iter().map(String::as_str).collect::<BTreeSet<_>>(), theirs);
}

/// Options whose examples name a DNS provider, which only plugins bring, and a directive of Caddy 2.11.8: the Caddy that is asked refuses
/// them as we do.
const REFUSED: [&str; 3] = ["acme_dns", "dns", "log_level"];

#[test]
fn every_example_compiles_to_what_caddy_makes_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut asked = 0;
    let mut wrong = String::new();
    for entry in reference::all() {
        let Some(text) = reference::example(&entry) else { continue };
        asked += 1;
        let ours = compile("./Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/srv"));
        fs::write(folder.path().join("Caddyfile"), &text).unwrap();
        match (ours.json(), caddy::adapt(folder.path(), &[])) {
            (Some(ours), Ok(theirs)) if ours == theirs.trim_ascii_end() => {}
            (None, Err(_)) if REFUSED.contains(&entry.name) => {}
            (ours, theirs) => {
                let ours = ours.map(|json| String::from_utf8_lossy(&json).into_owned());
                let theirs = theirs.map(|json| String::from_utf8_lossy(&json).into_owned());
                wrong += &format!("{} {}:\n  ours   {ours:?}\n  theirs {theirs:?}\n", entry.what, entry.name);
            }
        }
    }
    assert!(asked > 90, "only {asked} examples");
    assert!(wrong.is_empty(), "\n{wrong}");
}
