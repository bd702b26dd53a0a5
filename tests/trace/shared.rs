//! The recorded cases next to the checkout, by the contract: the program runs in the case's folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

use super::compare::differences;

/// Symbols of the cases, and what they stand for here.
const SYMBOLS: [(&str, &str); 9] = [
    ("HTTP", "8080"),
    ("HTTPS", "8443"),
    ("ALT", "8081"),
    ("ALTS", "8444"),
    ("ADMIN", "2019"),
    ("B1", "9001"),
    ("B2", "9002"),
    ("B3", "9003"),
    ("DOWN", "9009"),
];

/// When the files of the cases were changed: 2024-01-02T03:04:05Z.
const CHANGED: u64 = 1_704_164_645;

fn filled(text: &str, folder: &Path) -> String {
    let symbols = SYMBOLS
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{${name}}}"), value));
    symbols.replace("{$DIR}", folder.to_str().unwrap())
}

fn list(path: &Path, folder: &Path) -> Vec<Value> {
    serde_json::from_str(&filled(&fs::read_to_string(path).unwrap(), folder)).unwrap()
}

/// A copy of a case whose files were changed when the contract says.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
            let file = fs::File::options().write(true).open(&to).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(CHANGED)).unwrap();
        }
    }
}

/// The version whose answers are in `expected.json`, and the newer one whose answers are beside it where they differ.
const VERSIONS: [(&str, &str); 2] = [("2.11.7", "expected.json"), ("2.11.9", "expected-2.11.9.json")];

/// How many requests of a case agree, of how many; the others are printed.
fn score(case: &Path, version: &str, answers: &str) -> (usize, usize) {
    let copied = tempfile::tempdir().unwrap();
    let folder = &copied.path().canonicalize().unwrap();
    copy(case, folder);
    let expected = list(&folder.join(answers), folder);
    let requests = list(&folder.join("requests.json"), folder);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), filled(&fs::read_to_string(folder.join("requests.json")).unwrap(), folder))
        .unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    program
        .args(["trace", "--config", "./Caddyfile", "--format", "json", "--for", version, "--requests"])
        .arg(file.path());
    program.current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").envs(SYMBOLS);
    for line in fs::read_to_string(folder.join("env")).unwrap_or_default().lines() {
        if let Some((name, value)) = line.split_once('=') {
            program.env(name, filled(value, folder));
        }
    }
    let output = program.output().unwrap();
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let Ok(found) = serde_json::from_slice::<Vec<Value>>(&output.stdout) else {
        println!("{name}: {}", String::from_utf8_lossy(&output.stderr));
        return (0, expected.len());
    };
    let mut agreed = 0;
    for ((request, expected), found) in requests.iter().zip(&expected).zip(&found) {
        let skip = request["skip"].as_array().into_iter().flatten();
        let skip: Vec<String> = skip.filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let wrong = differences(expected, found, &skip);
        if wrong.is_empty() {
            agreed += 1;
        } else {
            println!("{name}: {request}\n  {}", wrong.join("\n  "));
        }
    }
    (agreed, expected.len())
}

#[test]
fn recorded_cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/trace/cases");
    let Ok(entries) = fs::read_dir(&root) else {
        println!("left out: there is no {}", root.display());
        return;
    };
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path().canonicalize().unwrap()).collect();
    folders.sort();
    let (mut agreed, mut all) = (0, 0);
    let mut newer = 0;
    for folder in folders {
        for (version, answers) in VERSIONS.iter().filter(|(_, answers)| folder.join(answers).exists()) {
            let (good, count) = score(&folder, version, answers);
            println!("{}, {version}: {good} of {count}", folder.file_name().unwrap().to_string_lossy());
            agreed += good;
            all += count;
            newer += usize::from(*version != VERSIONS[0].0);
        }
    }
    assert!(newer > 0, "no case has the answers of a newer version");
    println!("{agreed} of {all} requests agree");
    assert!(all > 0 && agreed == all, "{agreed} of {all} requests agree");
}
