//! Pairs of configurations and what is reported about them, and laws that hold for every pair.
//!
//! `CADDYCTL_BLESS=1 ./test diff::` writes the reports anew.

use crate::support::bless;
use crate::support::caddy::compile;

use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_analysis::diff::format::Paint;
use caddyctl_analysis::diff::{Change, Report, Show, Side, Verdict, compare, format, patch};
use caddyctl_analysis::routes::Table;
use caddyctl_host::Disk;
use caddyctl_language::source::Env;
use serde_json::Value;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff");

fn cases() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

/// `old.caddyfile`, `old.json`, or `old/Caddyfile` with what it imports.
fn side(case: &Path, which: &str) -> Side {
    let json = case.join(format!("{which}.json"));
    if json.exists() {
        return Side::json(
            format!("{which}.json"),
            serde_json::from_slice(&fs::read(json).unwrap()).unwrap(),
        );
    }
    let (folder, name) = if case.join(which).is_dir() {
        (case.join(which), "Caddyfile".to_owned())
    } else {
        (case.to_owned(), format!("{which}.caddyfile"))
    };
    let text = fs::read(folder.join(&name)).unwrap();
    let compilation = compile(&name, &text, &Env::empty(), &Disk::new(&folder));
    let faults: Vec<_> = compilation.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(compilation.is_ok(), "{}: {faults:?}", case.display());
    Side::compiled(name, compilation).unwrap()
}

fn pair(case: &Path) -> (Side, Side) {
    (side(case, "old"), side(case, "new"))
}

/// Machine paths in the names of imported files mean nothing here.
fn tidy(text: &str, case: &Path) -> String {
    text.replace(&format!("{}/", case.display()), "")
}

#[test]
fn reports() {
    let bless = bless::blessing();
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let (old, new) = pair(&case);
        let report = compare(&old, &new, Show::default());
        for (name, found) in [
            ("report.txt", format::text(&report, Paint::Plain)),
            ("report.md", format::markdown(&report)),
            ("report.json", format::json(&report, None)),
        ] {
            let (path, found) = (case.join(name), tidy(&found, &case));
            if bless {
                fs::write(&path, &found).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != found {
                wrong.push(format!("{}\n{found}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} reports are others than before:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn secrets_are_in_no_report() {
    let hashes = ["Zkx19XLiW6VY", "XXX19XLiW6VY", "abcdef", "ghijkl"];
    for name in ["password_changed", "user_added", "login_removed", "secret_header_changed"] {
        let case = Path::new(CASES).join(name);
        let (old, new) = pair(&case);
        let print = |show| {
            let report = compare(&old, &new, show);
            let text = format::text(&report, Paint::Terminal) + &format::markdown(&report);
            text + &format::json(&report, None) + &format::github(&report)
        };
        let hidden = print(Show { secrets: false });
        assert!(hashes.iter().all(|hash| !hidden.contains(hash)), "{name}:\n{hidden}");
        let shown = print(Show { secrets: true });
        assert!(hashes.iter().any(|hash| shown.contains(hash)), "{name}:\n{shown}");
    }
}

#[test]
fn the_patch_gives_the_new_configuration() {
    for case in cases() {
        let (old, new) = pair(&case);
        for (from, to) in [(&old, &new), (&new, &old)] {
            applies(&from.whole(), &to.whole(), &case.display().to_string());
        }
    }
}

fn applies(old: &Value, new: &Value, name: &str) {
    let ops = Value::from(patch::patch(old, new));
    let ops: json_patch::Patch = serde_json::from_value(ops).unwrap();
    let mut patched = old.clone();
    json_patch::patch(&mut patched, &ops).unwrap_or_else(|error| panic!("{name}: {error}\n{ops}"));
    assert_eq!(&patched, new, "{name}");
}

/// How many findings there are of a kind.
fn count(report: &Report, change: Change) -> usize {
    report.routes.iter().filter(|route| route.change == change).map(|route| route.sites.len()).sum::<usize>()
        + report.headers.iter().filter(|header| header.change == change).map(|h| h.sites.len()).sum::<usize>()
}

#[test]
fn swapped_arguments_swap_added_and_removed() {
    for case in cases() {
        let (old, new) = pair(&case);
        let (there, back) = (compare(&old, &new, Show::default()), compare(&new, &old, Show::default()));
        let name = case.display();
        assert_eq!(count(&there, Change::Added), count(&back, Change::Removed), "{name}");
        assert_eq!(count(&there, Change::Removed), count(&back, Change::Added), "{name}");
        assert_eq!(count(&there, Change::Changed), count(&back, Change::Changed), "{name}");
        assert_eq!(there.verdict, back.verdict, "{name}");
    }
}

/// Every JSON that the real Caddy gave for a Caddyfile found in public, where those files are.
fn corpus() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for folder in ["conformance/caddy-adapt", "realworld/docs", "realworld/visible"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder);
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path().join("expected.json");
            if let Ok(bytes) = fs::read(&path) {
                found.push((path.display().to_string(), serde_json::from_slice(&bytes).unwrap()));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

#[test]
fn nothing_differs_from_itself() {
    for (name, config) in corpus() {
        let (old, new) = (Side::json("old", config.clone()), Side::json("new", config));
        let report = compare(&old, &new, Show::default());
        assert_eq!(report.verdict, Verdict::Same, "{name}:\n{}", format::text(&report, Paint::Plain));
        Table::new(old.tree());
    }
}

#[test]
fn a_file_and_its_layout_differ_in_formatting_only() {
    let mut wrong = Vec::new();
    for (name, _) in corpus() {
        let folder = Path::new(&name).parent().unwrap();
        let (Ok(text), Ok(laid)) =
            (fs::read(folder.join("Caddyfile")), fs::read(folder.join("expected.fmt")))
        else {
            continue;
        };
        let side = |text: &[u8]| {
            Side::compiled("Caddyfile", compile("Caddyfile", text, &Env::empty(), &Disk::new(folder)))
        };
        let (Some(old), Some(new)) = (side(&text), side(&laid)) else { continue };
        let report = compare(&old, &new, Show::default());
        if report.verdict == Verdict::Different {
            wrong.push(format!("{name}\n{}", format::text(&report, Paint::Plain)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn any_two_files_are_compared_and_patched() {
    let corpus = corpus();
    for ((old_name, old), (new_name, new)) in corpus.iter().zip(corpus.iter().skip(1)) {
        let name = format!("{old_name} {new_name}");
        applies(old, new, &name);
        let (old, new) = (Side::json("old", old.clone()), Side::json("new", new.clone()));
        let (there, back) = (compare(&old, &new, Show::default()), compare(&new, &old, Show::default()));
        assert_eq!(there.verdict, back.verdict, "{name}");
        assert_eq!(count(&there, Change::Added), count(&back, Change::Removed), "{name}");
        for report in [there, back] {
            format::markdown(&report);
            format::github(&report);
        }
    }
}

#[test]
fn a_difference_of_the_json_is_never_lost() {
    // What no rule knows is still reported, as a setting.
    let old = serde_json::json!({"apps": {"http": {"servers": {}}, "unknown": {"a": 1}}});
    let new = serde_json::json!({"apps": {"http": {"servers": {}}, "unknown": {"a": 2}}});
    let report = compare(&Side::json("old", old), &Side::json("new", new), Show::default());
    assert_eq!(report.verdict, Verdict::Different);
    assert!(report.effects[0].message.to_string().contains("apps.unknown.a: 1 -> 2"), "{:?}", report.effects);
}
