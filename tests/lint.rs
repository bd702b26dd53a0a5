//! Lint rules: for each a folder `tests/lint/CODE` with `fires.caddyfile` and `quiet.caddyfile`. What is found in the
//! first is next to it in `fires.txt`; nothing may be found in the second. `CADDYCTL_BLESS=1` writes `fires.txt` anew.

use crate::support::bless;
use crate::support::caddy::compile;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_analysis::lint::{all, fixability, lint};
use caddyctl_host::Disk;
use caddyctl_language::diagnostics::Applicability;
use caddyctl_language::source::Env;

/// What the rule `code` finds in `path`, one line a finding, its helps below it.
fn findings(path: &Path, code: &str) -> String {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let compilation = compile(&name, &text, &Env::empty(), &Disk::new(path.parent().unwrap()));
    assert!(
        compilation.is_ok(),
        "{} does not compile: {:?}",
        path.display(),
        compilation.diagnostics.first()
    );
    let mut out = String::new();
    for finding in lint(&compilation, |rule| rule.code.id == code) {
        let span = finding.primary.as_ref().unwrap().span;
        let place = compilation.sources.place(span);
        out += &format!("{place} `{}`: {}\n", compilation.sources.text(span), finding.message);
        for help in &finding.helps {
            out += &format!("    {help}\n");
        }
        for edit in &finding.edits {
            let kind = if edit.is_safe() { "safe" } else { "unsafe" };
            out += &format!(
                "    {kind} edit: `{}` -> `{}`\n",
                compilation.sources.text(edit.span),
                edit.replacement
            );
        }
    }
    out
}

#[test]
fn every_rule_fires_and_is_quiet() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
    let mut failures = Vec::new();
    for rule in all() {
        let folder: PathBuf = root.join(rule.code.id);
        let found = findings(&folder.join("fires.caddyfile"), rule.code.id);
        let expected = folder.join("fires.txt");
        if bless::blessing() {
            fs::write(&expected, &found).unwrap();
        }
        if found.is_empty() {
            failures.push(format!("{} finds nothing in its own example", rule.code.id));
        }
        if found != fs::read_to_string(&expected).unwrap_or_default() {
            failures.push(format!("{} finds something else:\n{found}", rule.code.id));
        }
        let false_alarms = findings(&folder.join("quiet.caddyfile"), rule.code.id);
        if !false_alarms.is_empty() {
            failures.push(format!("{} is not quiet:\n{false_alarms}", rule.code.id));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_list_is_in_order_and_every_rule_has_a_page() {
    let ids: Vec<_> = all().map(|rule| rule.code.id).collect();
    let unique: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "a code is used twice");
    assert!(ids.is_sorted(), "the rules stand in the order of their codes");
    for rule in all() {
        for heading in ["## Why", "## Wrong", "## Right", "## When it is fine"] {
            assert!(rule.page.contains(heading), "{} has no `{heading}`", rule.code.id);
        }
        assert!(!rule.summary.ends_with('.'), "{}", rule.code.id);
    }
}

#[test]
fn the_list_says_which_rules_are_fixed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
    for rule in all() {
        let found = fs::read_to_string(root.join(rule.code.id).join("fires.txt")).unwrap();
        let expected = if found.contains("    unsafe edit") {
            Some(Applicability::Unsafe)
        } else {
            found.contains("    safe edit").then_some(Applicability::Safe)
        };
        assert_eq!(fixability(rule), expected, "{}", rule.code.id);
    }
}

#[test]
fn edits_fix_what_was_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
    let mut failures = Vec::new();
    for rule in all() {
        let folder = root.join(rule.code.id);
        let text = fs::read_to_string(folder.join("fires.caddyfile")).unwrap();
        let check = |text: &str| {
            let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Disk::new(&folder));
            compilation.is_ok().then(|| lint(&compilation, |other| other.code == rule.code))
        };
        let found = check(&text).unwrap();
        for finding in found.iter().filter(|finding| !finding.edits.is_empty()) {
            let mut edits: Vec<_> = finding.edits.iter().collect();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
            let mut fixed = text.clone();
            for edit in edits {
                fixed.replace_range(edit.span.range(), &edit.replacement);
            }
            match check(&fixed) {
                None => failures.push(format!("{}: an edit breaks the file:\n{fixed}", rule.code.id)),
                Some(left) if left.len() >= found.len() => {
                    failures.push(format!("{}: an edit mends nothing:\n{fixed}", rule.code.id));
                }
                Some(_) => {}
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The example below `heading` on a rule's page.
fn example<'a>(page: &'a str, heading: &str) -> &'a str {
    let part = page.split_once(heading).map_or("", |(_, rest)| rest);
    let part = part.split("\n## ").next().unwrap_or_default();
    part.split("```caddyfile\n").nth(1).and_then(|block| block.split("```").next()).unwrap_or_default()
}

#[test]
fn the_pages_show_what_they_say() {
    let mut failures = Vec::new();
    for rule in all() {
        for (heading, fires) in [("## Wrong", true), ("## Right", false)] {
            let text = example(rule.page, heading);
            let compilation =
                compile("Caddyfile", text.as_bytes(), &Env::empty(), &Disk::new(Path::new("/nowhere")));
            if !compilation.is_ok() {
                let first = compilation.diagnostics.first();
                failures.push(format!("{} {heading} does not compile: {first:?}", rule.code.id));
            } else if lint(&compilation, |other| other.code == rule.code).is_empty() == fires {
                failures.push(format!(
                    "{} {heading}: the rule should {}",
                    rule.code.id,
                    if fires { "fire" } else { "be quiet" }
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_examples_are_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in fs::read_dir(root.join("examples")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs::read(folder.join("Caddyfile")) else { continue };
        let compilation = compile("Caddyfile", &text, &Env::empty(), &Disk::new(&folder));
        let loud =
            lint(&compilation, |rule| rule.severity >= caddyctl_language::diagnostics::Severity::Warning);
        assert!(loud.is_empty(), "{}: {loud:?}", folder.display());
    }
}
