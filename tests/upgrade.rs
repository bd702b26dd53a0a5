//! Changes of the server: for each a folder `tests/upgrade/changes/NAME` with a configuration that it concerns (`affected`), and one that
//! it does not (`unaffected`). What is found in the first is next to it in `affected.txt`; `CADDYCTL_BLESS=1` writes it anew.

use crate::support::caddy::compile;
use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_analysis::Side;
use caddyctl_analysis::advisories::Subject;
use caddyctl_analysis::upgrade::{Change, all, between};
use caddyctl_host::Disk;
use caddyctl_language::Version;
use caddyctl_language::source::Env;

use crate::support::bless;

fn side(path: &Path) -> Side {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_some_and(|end| end == "json") {
        return Side::json(name, serde_json::from_slice(&text).unwrap());
    }
    let compilation = compile(&name, &text, &Env::empty(), &Disk::new(path.parent().unwrap()));
    let first = compilation.diagnostics.first().cloned();
    Side::compiled(name, compilation).unwrap_or_else(|| panic!("{}: {first:?}", path.display()))
}

/// Where a change concerns a file, one place a line.
fn places(path: &Path, change: &Change, from: Version, to: Version) -> String {
    let side = side(path);
    let config = side.whole();
    let found = between(&Subject::of_side(&side, &config), from, to);
    let Some(found) = found.iter().find(|found| found.change.name == change.name) else {
        return String::new();
    };
    let place = |place: &caddyctl_analysis::advisories::Place| match place.span {
        Some(span) => format!("{} `{}`\n", side.sources.place(span), side.sources.text(span)),
        None => format!("{}\n", place.pointer.as_deref().unwrap_or_default()),
    };
    found.places.iter().map(place).collect()
}

fn file(folder: &Path, name: &str) -> PathBuf {
    let json = folder.join(format!("{name}.json"));
    if json.exists() { json } else { folder.join(format!("{name}.caddyfile")) }
}

#[test]
fn each_change_concerns_one_file_and_not_the_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade/changes");
    let (oldest, newest) = (Version::new(2, 6, 2), Version::new(2, 99, 0));
    let mut failures = Vec::new();
    for change in all() {
        let folder = root.join(change.name);
        // What is back at the end is seen on the way there.
        let to = if change.is_in(newest) { newest } else { change.since };
        let found = places(&file(&folder, "affected"), change, oldest, to);
        let expected = folder.join("affected.txt");
        if bless::blessing() {
            fs::write(&expected, &found).unwrap();
        }
        if found.is_empty() || found != fs::read_to_string(&expected).unwrap_or_default() {
            failures.push(format!("{} finds something else in its own example:\n{found}", change.name));
        }
        let other = places(&file(&folder, "unaffected"), change, oldest, to);
        if !other.is_empty() {
            failures.push(format!("{} concerns the other file, too:\n{other}", change.name));
        }
        let same = places(&file(&folder, "affected"), change, to, to);
        assert!(same.is_empty(), "{}: nothing changes without another version", change.name);
        let back = places(&file(&folder, "affected"), change, to, oldest);
        assert_eq!(back, found, "{}: a downgrade changes the same", change.name);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_folder_is_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade/changes");
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(all().any(|change| change.name == name), "{name} is no change");
    }
}

/// What the program prints for a Caddyfile on standard input, and its exit status.
fn program(arguments: &[&str], text: &str) -> (String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), text).unwrap();
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    (String::from_utf8(program.stdout).unwrap(), program.status.code())
}

#[test]
fn the_oldest_version_for_a_file() {
    let hello = ":8080 {\n\trespond hello\n}\n";
    let (text, status) = program(&["needs"], hello);
    assert_eq!((text.split(':').next(), status), (Some("2.6.2"), Some(0)));
    let login = ":8080 {\n\tbasic_auth {\n\t\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}\n}\n";
    let (text, status) = program(&["needs"], login);
    assert_eq!((text.split(':').next(), status), (Some("2.8.4"), Some(0)));
    assert!(text.contains("Caddy 2.6.2 refuses it: Caddyfile:2:2: "), "{text}");
    for (version, status) in [("2.6.2", 1), ("2.8.4", 0), ("2.11.7", 0)] {
        assert_eq!(program(&["needs", "--at-least", version], login), (String::new(), Some(status)));
    }
    let (text, status) = program(&["needs"], ":8080 {\n\tnonsense\n}\n");
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("none") && !first.contains(|c: char| c.is_ascii_digit()), "{first}");
    assert_eq!(status, Some(1));
    assert_eq!(program(&["needs", "missing"], hello).1, Some(2));
    assert_eq!(program(&["needs", "--at-least", "2.11.5"], hello).1, Some(2));
}

#[test]
fn what_an_upgrade_changes() {
    let up = |from, to, text: &str, format| {
        program(&["upgrade", "--from", from, "--to", to, "--format", format], text)
    };
    let hello = "http://a.test {\n\trespond hello\n}\n";
    let (text, status) = up("2.11.2", "2.11.3", hello, "text");
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("Nothing changes for this file"), "{text}");
    let proxy = "a.test {\n\treverse_proxy https://up.test\n}\n";
    let (text, status) = up("2.10.2", "2.11.1", proxy, "text");
    assert_eq!(status, Some(1));
    assert!(text.contains("A TLS upstream gets its own address as Host (Caddyfile:2)"), "{text}");
    assert!(text.contains("The JSON is the same") && text.contains("header_up Host {host}"), "{text}");
    assert!(text.contains("CVE-2026-27589: "), "{text}");
    // A downgrade takes it away again.
    let (text, _) = up("2.11.1", "2.10.2", proxy, "text");
    assert!(text.contains("before: it gets the address of the upstream as Host"), "{text}");
    let (json, _) = up("2.10.2", "2.11.1", proxy, "json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let server = json["server"].as_array().unwrap();
    assert!(
        server
            .iter()
            .any(|change| change["name"] == "host-to-tls-upstream" && change["places"][0]["line"] == 2)
    );
    assert_eq!((&json["refusals"], &json["json"]), (&serde_json::json!([]), &serde_json::Value::Null));
    let (markdown, _) = up("2.10.2", "2.11.1", proxy, "markdown");
    assert!(markdown.starts_with("### Caddy 2.10.2 to 2.11.1"), "{markdown}");
    let refused = "http://a.test {\n\trespond {\n\t\tnonsense\n\t}\n}\n";
    let (text, status) = up("2.8.4", "2.11.7", refused, "text");
    assert_eq!(status, Some(1));
    assert!(text.contains("Caddy 2.8.4 refuses the file\n  Caddyfile:"), "{text}");
    assert_eq!(program(&["upgrade", "--from", "2.8.4", "--to", "2.11.7", "missing"], hello).1, Some(2));
    assert_eq!(up("2.8.4", "2.11.5", hello, "text").1, Some(2));
    assert_eq!(program(&["upgrade", "--to", "2.11.7"], hello).1, Some(2));
}

#[test]
fn deprecated_words_have_their_edits() {
    let old = ":8080 {\n\tskip_log /health\n\trespond hello\n}\n";
    let (text, _) = program(&["upgrade", "--from", "2.6.2", "--to", "2.11.7"], old);
    assert!(
        text.contains("Deprecated words") && text.contains("edit: `skip_log` becomes `log_skip`"),
        "{text}"
    );
}
