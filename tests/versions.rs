//! What every known version of Caddy makes of words and files: the table of words, asked of the programs; recorded answers of
//! eleven versions; generated files.
//!
//! `tests/versions/set-up` gets the programs. `CADDYCTL_BLESS=1 ./test versions::table` then writes the table, and prints what
//! has changed.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "scores are what a reader of the log looks for"
)]

use crate::generate;
use crate::generate::probe;
use crate::support::bless::blessing;
use crate::support::judge::Judge;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use caddyctl_host::Disk;
use caddyctl_language::compile::{Compilation, compile_for};
use caddyctl_language::diagnostics::Code;
use caddyctl_language::format_for;
use caddyctl_language::source::Env;
use caddyctl_language::version::history::{History, Verdict};
use caddyctl_language::version::{Change, Version};
use sha2::{Digest, Sha256};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const TABLE: &str = "crates/language/src/version/table.tsv";

/// Says something that a reader of the log looks for, whether the test passes or not.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The program of a version; `None` where `tests/versions/set-up` has not been run.
fn program(version: Version) -> Option<PathBuf> {
    let path = Path::new(ROOT).join(format!("target/versions/{version}/caddy"));
    path.is_file().then_some(path)
}

/// The programs of all versions, running; `None` if one is missing.
fn judges() -> Option<Vec<Judge>> {
    let programs: Option<Vec<PathBuf>> = Version::KNOWN.into_iter().map(program).collect();
    let Some(programs) = programs else {
        say("left out: target/versions lacks programs; `tests/versions/set-up` gets them");
        return None;
    };
    let judges: Vec<Judge> = programs.iter().map(|program| Judge::start(program)).collect();
    for judge in &judges {
        // What the texts of changes import.
        for name in ["snippets.txt", "lines.txt"] {
            let path = Path::new(ROOT).join("tests/versions/changes").join(name);
            fs::copy(path, judge.folder().join(name)).unwrap();
        }
    }
    Some(judges)
}

/// What a version makes of a text, compared with the newest.
fn verdict(answer: &Result<Vec<u8>, String>, newest: &Result<Vec<u8>, String>) -> Verdict {
    match (answer, newest) {
        (Ok(json), Ok(newest)) if json == newest => Verdict::Same,
        (Ok(_), _) => Verdict::Other,
        (Err(_), Err(_)) => Verdict::Same,
        (Err(_), Ok(_)) => Verdict::Refused,
    }
}

/// The better of two verdicts, where other values of a word are no other word.
fn better(a: Verdict, b: Verdict) -> Verdict {
    match (a, b) {
        (Verdict::Same, _) | (_, Verdict::Same) => Verdict::Same,
        (Verdict::Other, _) | (_, Verdict::Other) => Verdict::Other,
        _ => Verdict::Refused,
    }
}

/// What all versions make of the word; `None` if the newest accepts none of its probes.
fn history(judges: &[Judge], word: &probe::Word) -> Option<History> {
    const SEEDS: u64 = 60;
    const ENOUGH: usize = 6;
    let (newest, older) = judges.split_last()?;
    let mut found = None;
    let mut accepted = 0;
    for seed in 0..SEEDS {
        let text = probe::probe(word, seed)?;
        // A zero is left out of the JSON, and a backslash joins two lines.
        if [" 0\n", " 0s\n", "\\\n", " \"\"\n"].iter().any(|odd| text.contains(odd)) {
            continue;
        }
        let answer = newest.adapt(&text);
        if answer.is_err() {
            continue;
        }
        accepted += 1;
        let mut verdicts: Vec<_> = older.iter().map(|judge| verdict(&judge.adapt(&text), &answer)).collect();
        verdicts.push(Verdict::Same);
        let history = History(verdicts.try_into().ok()?);
        found = Some(match found {
            None => history,
            Some(History(before)) => {
                let mut best = history.0;
                best.iter_mut().zip(before).for_each(|(best, before)| *best = better(*best, before));
                History(best)
            }
        });
        if accepted == ENOUGH
            || found.is_some_and(|history| history.0.iter().all(|verdict| *verdict == Verdict::Same))
        {
            break;
        }
    }
    found
}

/// Words that only plugins make meaningful, so that no program of ours accepts them, and words that older programs pass over
/// in some places; from Caddy's sources.
const BY_SOURCE: &[(&str, &str, &str, &str)] = &[
    ("directive", "tls", "propagation_delay", "x..........."),
    ("directive", "tls", "propagation_timeout", "x..........."),
    ("directive", "tls", "dns_ttl", "x..........."),
    ("directive", "request_body", "set", "xxx........."),
];

/// What `caddy fmt` of a version prints.
fn layout(version: Version, text: &str) -> Vec<u8> {
    let mut child = Command::new(program(version).unwrap())
        .args(["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap().stdout
}

/// The table, asked of the programs; words that are the same everywhere are left out.
fn table(judges: &[Judge]) -> String {
    let mut table = String::from(
        "# Made by `CADDYCTL_BLESS=1 ./test versions::table`: what each version makes of each word, the oldest first.\n",
    );
    let _ = writeln!(table, "# . the same as the newest, ~ other JSON, x refused: {}", Version::list());
    let mut silent = Vec::new();
    let by_source = |word: &probe::Word| {
        BY_SOURCE.iter().any(|row| (row.0, row.1, row.2) == (word.entry.what, word.entry.name, &*word.path()))
    };
    for word in probe::words().into_iter().filter(|word| !by_source(word)) {
        let Some(history) = history(judges, &word) else {
            silent.push(format!("{} {} {}", word.entry.what, word.entry.name, word.path()));
            continue;
        };
        if history.0.iter().any(|verdict| *verdict != Verdict::Same) {
            let _ = writeln!(
                table,
                "{}\t{}\t{}\t{}",
                word.entry.what,
                word.entry.name,
                word.path(),
                history.letters()
            );
        }
    }
    say(&format!("no probe of these is accepted by the newest version:\n  {}", silent.join("\n  ")));
    for (what, name, way, letters) in BY_SOURCE {
        let _ = writeln!(table, "{what}\t{name}\t{way}\t{letters}");
    }
    for change in Change::ALL {
        let path = Path::new(ROOT).join(format!("tests/versions/changes/{}.caddyfile", change.name()));
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
        let answers: Vec<_> = if change.name().starts_with("layout-") {
            Version::KNOWN.into_iter().map(|version| Ok(layout(version, &text))).collect()
        } else {
            judges.iter().map(|judge| judge.adapt(&text)).collect()
        };
        let newest = answers.last().unwrap();
        let letters: Vec<Verdict> = answers.iter().map(|answer| verdict(answer, newest)).collect();
        let _ = writeln!(
            table,
            "change\t{}\t\t{}",
            change.name(),
            History(letters.try_into().unwrap()).letters()
        );
    }
    table
}

#[test]
fn the_table_is_what_the_programs_say() {
    let Some(judges) = judges() else { return };
    let asked = table(&judges);
    let path = Path::new(ROOT).join(TABLE);
    let known = fs::read_to_string(&path).unwrap();
    let differ: Vec<String> = {
        let (old, new): (Vec<&str>, Vec<&str>) = (known.lines().collect(), asked.lines().collect());
        let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
        gone.chain(new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"))).collect()
    };
    if blessing() {
        say(&differ.join("\n"));
        fs::write(&path, asked).unwrap();
        return;
    }
    assert!(differ.is_empty(), "the table is another one:\n{}", differ.join("\n"));
}

/// What we make of a case for a version: JSON, a refusal, or a difference that is named.
enum Ours {
    Json(Vec<u8>),
    Refused(String),
    Named(String),
}

fn ours(compilation: &Compilation) -> Ours {
    if let Some(json) = compilation.json() {
        return Ours::Json(json);
    }
    let errors: Vec<_> = compilation.diagnostics.iter().filter(|found| found.is_error()).collect();
    let text = errors.iter().take(2).map(|found| format!("{}: {}", found.code.id, found.message)).collect();
    let text: Vec<String> = text;
    if errors.iter().any(|found| found.code == Code::NOT_MODELLED) {
        Ours::Named(text.join("; "))
    } else {
        Ours::Refused(text.join("; "))
    }
}

/// A case of the shared corpora.
struct Case {
    name: String,
    folder: PathBuf,
}

/// The cases whose answers are recorded.
fn cases() -> Vec<Case> {
    let shared = Path::new(ROOT).join("../shared");
    let mut cases = Vec::new();
    for (corpus, folder) in [
        ("conformance", "conformance/caddy-adapt"),
        ("visible", "realworld/visible"),
        ("docs", "realworld/docs"),
    ] {
        let Ok(entries) = fs::read_dir(shared.join(folder)) else { continue };
        for entry in entries.flatten().filter(|entry| entry.path().join("Caddyfile").is_file()) {
            let name = format!("{corpus}/{}", entry.file_name().to_string_lossy());
            cases.push(Case { name, folder: entry.path() });
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// The rows of a recorded table, by case and version.
fn recorded(name: &str) -> Option<BTreeMap<(String, String), Vec<String>>> {
    let path = Path::new(ROOT).join("../shared/versions").join(name);
    let Ok(text) = fs::read_to_string(&path) else {
        say(&format!("left out: there is no {}", path.display()));
        return None;
    };
    let rows = text.lines().skip(1).map(|line| {
        let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        ((columns[0].clone(), columns[1].clone()), columns)
    });
    Some(rows.collect())
}

fn environment(folder: &Path) -> Env {
    let text = fs::read_to_string(folder.join("env")).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.trim().split_once('='));
    pairs.map(|(name, value)| (name.trim(), value.trim().trim_matches('"'))).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How many cases agree, and which do not.
#[derive(Default)]
struct Score {
    agree: usize,
    named: Vec<String>,
    wrong: Vec<String>,
}

/// The answers of the recorded version, which are in the folders of the cases: the JSON, or nothing for a refusal. The second
/// is whether the variables of the case count.
fn base(case: &Case) -> (Option<Vec<u8>>, bool) {
    let read = |name: &str| fs::read(case.folder.join(name)).ok();
    match read("expected.json") {
        Some(json) => (Some(json), false),
        None => match read("expected-env.json") {
            Some(json) => (Some(json), true),
            None => (None, false),
        },
    }
}

/// The JSON in which the names of `automate` are in another order: 2.6.2 writes them in that of a Go map, which varies from run to
/// run.
fn reordered(json: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(json.to_vec()).unwrap();
    let Some((before, (names, after))) =
        text.split_once("\"automate\":[").and_then(|(before, rest)| Some((before, rest.split_once(']')?)))
    else {
        return json.to_vec();
    };
    let names: Vec<&str> = names.split(',').rev().collect();
    format!("{before}\"automate\":[{}]{after}", names.join(",")).into_bytes()
}

#[test]
fn recorded_answers_of_all_versions() {
    let Some(rows) = recorded("answers.tsv") else { return };
    let cases = cases();
    let mut all = BTreeMap::new();
    let only = std::env::var("CADDYCTL_VERSION").ok();
    for version in Version::KNOWN {
        if only.as_ref().is_some_and(|only| *only != version.to_string()) {
            continue;
        }
        let mut score = Score::default();
        for case in &cases {
            let (expected, has_env) = base(case);
            let row = rows.get(&(case.name.clone(), version.to_string()));
            if row.is_some_and(|row| row[4].contains("varies from run to run")) {
                continue;
            }
            let env = if has_env { environment(&case.folder) } else { Env::empty() };
            let folder = case.folder.canonicalize().unwrap();
            let text = fs::read(folder.join("Caddyfile")).unwrap();
            let compilation = compile_for(version, "./Caddyfile", &text, &env, &Disk::new(&folder));
            let cause = row.map_or("", |row| row[4].as_str());
            let wanted = match row.map(|row| (row[2].as_str(), row[3].clone())) {
                Some(("refused", _)) => None,
                Some((_, hash)) => Some(hash),
                None => expected.map(|mut json| {
                    if !json.ends_with(b"\n") {
                        json.push(b'\n');
                    }
                    sha256(&json)
                }),
            };
            match (ours(&compilation), wanted) {
                (Ours::Json(mut json), Some(wanted)) => {
                    json.push(b'\n');
                    let is_oldest = version == Version::KNOWN[0];
                    if sha256(&json) == wanted || is_oldest && sha256(&reordered(&json)) == wanted {
                        score.agree += 1;
                    } else {
                        score.wrong.push(format!("{}: other JSON ({cause})", case.name));
                    }
                }
                (Ours::Refused(_) | Ours::Named(_), None) => score.agree += 1,
                (Ours::Named(what), Some(_)) => score.named.push(format!("{}: {what}", case.name)),
                (Ours::Refused(what), Some(_)) => {
                    score.wrong.push(format!("{}: refused: {what} ({cause})", case.name));
                }
                (Ours::Json(_), None) => score.wrong.push(format!("{}: accepted ({cause})", case.name)),
            }
        }
        all.insert(version, score);
    }
    let mut failures = String::new();
    for (version, score) in &all {
        let total = score.agree + score.named.len() + score.wrong.len();
        say(&format!(
            "{version}: {} of {total} agree, {} are named as not modelled, {} are wrong",
            score.agree,
            score.named.len(),
            score.wrong.len()
        ));
        if std::env::var_os("CADDYCTL_REASONS").is_some() {
            score.named.iter().for_each(|line| say(&format!("    named {line}")));
            score.wrong.iter().for_each(|line| say(&format!("    wrong {line}")));
        }
        if !score.wrong.is_empty() {
            let _ = writeln!(failures, "{version}:\n  {}", score.wrong.join("\n  "));
        }
        if score.agree * 100 < total * 99 {
            let _ = writeln!(failures, "{version}: less than 99 % agree");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn recorded_layouts_of_all_versions() {
    let Some(rows) = recorded("fmt.tsv") else { return };
    let mut failures = String::new();
    for version in Version::KNOWN {
        let (mut same, mut total) = (0, 0);
        for case in &cases() {
            let text = fs::read(case.folder.join("Caddyfile")).unwrap();
            let newest = format_for(Version::NEWEST, &text);
            let ours = format_for(version, &text);
            total += 1;
            let is_right = match rows.get(&(case.name.clone(), version.to_string())) {
                Some(row) => sha256(&ours) == row[2],
                None => ours == newest,
            };
            same += usize::from(is_right);
            if !is_right {
                let _ = writeln!(failures, "{version}: {}", case.name);
            }
        }
        say(&format!("fmt {version}: {same} of {total}"));
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Words of the generator that no stock build accepts, or whose answers vary from run to run.
fn varies(judge: &Judge, text: &str, ours: &[u8]) -> bool {
    (0..24).any(|_| judge.adapt(text).is_ok_and(|again| again == ours))
}

#[test]
fn generated_files_compile_as_each_version_compiles_them() {
    let Some(judges) = judges() else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let files = number("CADDYCTL_FILES").unwrap_or(150);
    let start = number("CADDYCTL_SEED").unwrap_or(7) * 1_000_000;
    let env: Env = generate::VARIABLES.iter().copied().collect();
    let mut failures = String::new();
    let only = std::env::var("CADDYCTL_VERSION").ok();
    for (version, judge) in Version::KNOWN.into_iter().zip(&judges) {
        if only.as_ref().is_some_and(|only| *only != version.to_string()) {
            continue;
        }
        let (mut agree, mut named, mut wrong) = (0, 0, 0);
        for seed in start..start + files {
            let text = generate::caddyfile(seed);
            let compilation =
                compile_for(version, "Caddyfile", text.as_bytes(), &env, &Disk::new(judge.folder()));
            let theirs = judge.adapt(&text);
            let problem = match (ours(&compilation), theirs) {
                (Ours::Json(json), Ok(theirs)) if json == theirs || varies(judge, &text, &json) => None,
                (Ours::Json(json), Ok(theirs)) => Some(format!(
                    "other bytes\n  ours  {}\n  Caddy {}",
                    String::from_utf8_lossy(&json),
                    String::from_utf8_lossy(&theirs)
                )),
                (Ours::Refused(_) | Ours::Named(_), Err(_)) => None,
                (Ours::Named(_), Ok(_)) => {
                    named += 1;
                    continue;
                }
                (Ours::Refused(what), Ok(_)) => Some(format!("refused: {what}")),
                (Ours::Json(_), Err(error)) => Some(format!("accepted, and Caddy refuses it: {error}")),
            };
            match problem {
                None => agree += 1,
                Some(problem) => {
                    wrong += 1;
                    let _ =
                        writeln!(failures, "{version}, seed {seed}: {problem}\n--- the file\n{text}---\n");
                }
            }
        }
        say(&format!(
            "generated {version}: {agree} agree, {named} are named as not modelled, {wrong} are wrong"
        ));
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Exit status, standard output and standard error of a command.
fn caddyctl(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn commands_take_a_version() {
    let folder = tempfile::tempdir().unwrap();
    let text = "example.com {\n\tlog_append a b\n\trespond `a   b`\n}\n";
    fs::write(folder.path().join("Caddyfile"), text).unwrap();
    let run = |arguments: &[&str]| caddyctl(folder.path(), arguments);
    let (status, out, err) = run(&["adapt", "--for", "2.6.2"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains("error[E0207]") && err.contains("Caddy 2.8.4 and newer have it"), "{err}");
    assert_eq!(run(&["adapt", "--for", "2.8.4"]).0, 0);
    // The layout of backquotes is that of the version.
    assert_eq!(run(&["fmt", "--check"]).0, 0);
    assert_eq!(run(&["fmt", "--check", "--for", "2.10.2"]).0, 1);
    for command in ["adapt", "validate", "fmt", "routes", "trace", "diff", "explain", "lsp"] {
        let (status, _, err) = run(&[command, "--for", "2.11.6"]);
        assert_eq!(status, 2, "{command}: {err}");
        assert!(err.contains("2.11.4, 2.11.7, 2.11.8, 2.11.9"), "{command}: {err}");
    }
}

#[test]
fn an_argument_from_the_end_stays_as_it_is_since_it_crashes_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("Caddyfile"),
        "(s) {\n\trespond {args[-1]}\n}\n\na.test {\n\timport s x\n}\n",
    )
    .unwrap();
    let (status, _, err) = caddyctl(folder.path(), &["adapt", "--for", "2.11.7"]);
    assert_eq!(status, 1, "{err}");
    assert!(
        err.contains("Caddyfile:2:10") && err.contains("counts from the end, which Caddy cannot do"),
        "{err}"
    );
    let (status, out, err) = caddyctl(folder.path(), &["adapt"]);
    assert!(status == 0 && out.contains("{args[-1]}"), "{out}{err}");
}

#[test]
fn the_settings_name_a_version() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), "example.com {\n\tlog_append a b\n}\n").unwrap();
    let set = |version: &str| {
        fs::write(folder.path().join("caddyctl.toml"), format!("[caddy]\nversion = \"{version}\"\n"))
            .unwrap();
    };
    let run = |arguments: &[&str]| caddyctl(folder.path(), arguments);
    set("2.6.2");
    for command in ["adapt", "validate"] {
        assert_eq!(run(&[command]).0, 1, "{command}");
        assert_eq!(run(&[command, "--for", "2.11.9"]).0, 0, "{command}");
    }
    assert_eq!(run(&["validate", "--isolated"]).0, 0);
    set("2.11.6");
    let (status, _, err) = run(&["adapt"]);
    assert_eq!(status, 2);
    assert!(err.contains("expected a version of Caddy that is known: 2.6.2, "), "{err}");
}

/// The words that the table has are declared, and so are its changes.
#[test]
fn the_table_names_what_there_is() {
    let table = fs::read_to_string(Path::new(ROOT).join(TABLE)).unwrap();
    let words: Vec<(String, String, String)> = probe::words()
        .iter()
        .map(|word| (word.entry.what.to_owned(), word.entry.name.to_owned(), word.path()))
        .collect();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [what, name, way, letters] = columns[..] else { panic!("{line}") };
        assert_eq!(letters.len(), Version::KNOWN.len(), "{line}");
        let is_change = what == "change" && Change::ALL.iter().any(|change| change.name() == name);
        let word = (what.to_owned(), name.to_owned(), way.to_owned());
        assert!(is_change || words.contains(&word), "nothing declares {line}");
    }
    for change in Change::ALL {
        assert!(change.since() > Version::KNOWN[0], "{} distinguishes no versions", change.name());
    }
}

/// Words that only older versions accept: each version of the programs accepts what we accept for it, with the same JSON, or the
/// word is named. The newest names what to write instead.
#[test]
fn words_that_only_older_versions_accept() {
    let texts = [
        (
            "basicauth scrypt {\n\t\tbob JDJhJDE0JENHTEVWSTUwd0Y1dW9lMWV1MDgzRU9hNEhZVkFBb2tqaVFDWVNmeXEyZ2JKWDFUMWxLaVVl abc\n\t}",
            "bcrypt",
        ),
        ("reverse_proxy a {\n\t\tbuffer_requests\n\t}", "`request_buffers <size>`"),
        ("reverse_proxy a {\n\t\tbuffer_responses\n\t}", "`response_buffers <size>`"),
        ("reverse_proxy a {\n\t\tmax_buffer_size 1MB\n\t}", "`request_buffers`"),
        ("request_body {\n\t\tread_timeout 5s\n\t}", "`timeouts`"),
        ("request_body {\n\t\twrite_timeout 5s\n\t}", "`timeouts`"),
        ("@x remote_ip forwarded 10.0.0.0/8\n\trespond @x x", "`client_ip`"),
    ];
    let options = [
        ("servers {\n\t\tprotocol {\n\t\t\tallow_h2c\n\t\t}\n\t}", "`protocols h1 h2 h2c h3`"),
        ("on_demand_tls {\n\t\task http://a\n\t\tinterval 2m\n\t\tburst 5\n\t}", "`ask` or `permission`"),
        ("auto_https prefer_wildcard", "names below a wildcard site"),
    ];
    let sites = texts.map(|(lines, instead)| (format!("a.test {{\n\t{lines}\n}}\n"), instead));
    let globals = options.map(|(lines, instead)| (format!("{{\n\t{lines}\n}}\n\na.test\n"), instead));
    let all: Vec<(String, &str)> = sites.into_iter().chain(globals).collect();
    for (text, instead) in &all {
        let newest = compile_for(
            Version::NEWEST,
            "Caddyfile",
            text.as_bytes(),
            &Env::empty(),
            &Disk::new(Path::new("/")),
        );
        let error = newest.diagnostics.iter().find(|found| found.is_error()).unwrap();
        assert!(error.message.contains("no longer"), "{text}: {}", error.message);
        assert!(error.helps.iter().any(|help| help.contains(instead)), "{text}: {:?}", error.helps);
    }
    let Some(judges) = judges() else { return };
    for (version, judge) in Version::KNOWN.into_iter().zip(&judges) {
        for (text, _) in &all {
            let ours =
                compile_for(version, "Caddyfile", text.as_bytes(), &Env::empty(), &Disk::new(judge.folder()));
            match (self::ours(&ours), judge.adapt(text)) {
                (Ours::Json(ours), Ok(theirs)) => assert_eq!(
                    String::from_utf8_lossy(&ours),
                    String::from_utf8_lossy(&theirs),
                    "{version}: {text}"
                ),
                (Ours::Named(_), Ok(_)) | (Ours::Refused(_), Err(_)) => {}
                (Ours::Json(_), Err(error)) => panic!("{version} refuses {text}: {error}"),
                (Ours::Refused(what), Ok(_)) => panic!("{version} accepts {text}: {what}"),
                (Ours::Named(what), Err(error)) => panic!("{version} refuses {text}, named {what}: {error}"),
            }
        }
    }
}

/// Without a version, the newest counts; the bytes of 2.11.7 are those of the recorded answers.
#[test]
fn without_a_version_the_newest_counts() {
    let folder = tempfile::tempdir().unwrap();
    let text = "example.com {\n\tphp_fastcgi localhost:9000\n}\n";
    fs::write(folder.path().join("Caddyfile"), text).unwrap();
    let json = |arguments: &[&str]| caddyctl(folder.path(), &[&["adapt"], arguments].concat()).1;
    assert_eq!(json(&[]), json(&["--for", "2.11.9"]));
    assert!(json(&[]).contains("file_escaped"));
    assert!(!json(&["--for", "2.11.7"]).contains("file_escaped"));
    let version = caddyctl(folder.path(), &["version"]).1;
    assert!(version.ends_with("for Caddy 2.11.9\n"), "{version}");
}
