//! Changes of the server: for each a folder `tests/upgrade/changes/NAME` with a configuration that it concerns (`affected`), and one that
//! it does not (`unaffected`). What is found in the first is next to it in `affected.txt`; `CADDYCTL_BLESS=1` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_analysis::Side;
use caddyctl_analysis::advisories::Subject;
use caddyctl_analysis::upgrade::{Change, all, between};
use caddyctl_host::Disk;
use caddyctl_language::Version;
use caddyctl_language::compile::compile;
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
