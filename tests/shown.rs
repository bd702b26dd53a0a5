//! What a reader sees is what is there: every form of output of every command is given one set of hostile texts, in all
//! places that text of others can have, and the bytes are looked at. A new command or form fails here until it has its case.

use crate::support::caddy::compile;
use crate::support::hostile;

mod editor;
mod judge;
mod places;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use caddyctl_language::source::shown;
use caddyctl_language::source::{Env, Memory};
use editor::editor;
use hostile::{HARMLESS, TEXTS};
use judge::{Judge, Kind, all, forms, kind, program};
use places::{PLACES, site, word};
use serde_json::{Value, json};

/// The commands whose output holds text of others, and those that print nothing but our own.
const WALKED: [&str; 23] = [
    "validate",
    "advisories",
    "needs",
    "upgrade",
    "adapt",
    "fmt",
    "diff",
    "routes",
    "trace",
    "test",
    "deploy",
    "confirm",
    "recover",
    "history",
    "rollback",
    "status",
    "doctor",
    "verify",
    "uninstall",
    "explain",
    "plugins",
    "init",
    "lsp",
];
const OUR_OWN: [&str; 6] = ["rules", "watchdog", "completions", "man", "version", "help"];

fn compiles(text: &str) -> bool {
    compile("Caddyfile", text.as_bytes(), &Env::default(), &Memory::new("/")).is_ok()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn every_command_has_its_case() {
    let help = String::from_utf8(program(Path::new("."), &["--help"]).stdout).unwrap();
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: BTreeSet<&str> = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    let known: BTreeSet<&str> = WALKED.into_iter().chain(OUR_OWN).collect();
    assert_eq!(names, known, "a new command needs its case in tests/shown.rs");
    for command in names {
        for form in forms(command) {
            kind(command, &form);
        }
    }
}

#[test]
fn texts_in_dockerfiles() {
    let judge = Judge::default();
    let folder = tempfile::tempdir().unwrap();
    let texts = TEXTS.iter().chain(HARMLESS);
    let lines: String = texts
        .map(|text| format!("RUN xcaddy build --with example.com/{}\n", text.replace(['\n', '\r'], " ")))
        .collect();
    write(folder.path(), "Dockerfile", &format!("FROM caddy:2.10\n{lines}"));
    judge.run(folder.path(), &["init", "--force"], Kind::Plain);
    assert!(folder.path().join("caddyctl.toml").exists());
    judge.end();
}

#[test]
fn texts_in_caddyfiles() {
    let judge = Judge::default();
    all(&PLACES, |(place, lines)| {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let texts = TEXTS.iter().chain(HARMLESS);
        let sites: Vec<String> =
            texts.map(|text| lines(text)).enumerate().map(|(n, s)| site(n, &s)).collect();
        let (good, bad): (Vec<&String>, Vec<&String>) = sites.iter().partition(|site| compiles(site));
        let plain = (0..good.len()).map(|n| site(n, "\trespond /plain 200\n")).collect::<String>();
        let together: String = good.iter().map(|site| site.as_str()).collect();
        write(folder, "old", &plain);
        write(folder, "Caddyfile", &together);
        // Lines around a change, which stand in both.
        write(folder, "around", &together.replace(".test {", ".test {\n\tencode gzip"));
        write(folder, "bad", &bad.iter().map(|site| site.as_str()).collect::<String>());
        for file in ["Caddyfile", "bad"] {
            judge.forms(folder, "validate", &[file]);
            judge.run(folder, &["validate", "--color", "always", file], Kind::Styled);
            judge.run(folder, &["validate", "--unsafe-fixes", "--diff", file], Kind::Plain);
            judge.run(folder, &["adapt", "--config", file], Kind::CaddyJson);
            judge.run(folder, &["fmt", "--diff", file], Kind::Plain);
            judge.run(folder, &["fmt", "--check", file], Kind::Plain);
        }
        if good.is_empty() {
            return;
        }
        judge.forms(folder, "routes", &["Caddyfile"]);
        judge.forms(folder, "advisories", &["Caddyfile"]);
        judge.forms(folder, "upgrade", &["--from", "2.8.4", "--to", "2.11.7", "Caddyfile"]);
        judge.run(folder, &["needs", "Caddyfile"], Kind::Plain);
        judge.forms(folder, "trace", &["--all", "--config", "Caddyfile", "http://site0.test/?a=%1b[31m"]);
        write(folder, "checks.toml", "routes = '''\nhttp://site0.test/ -> 299\n'''\n");
        judge.forms(folder, "test", &["-v"]);
        judge.run(folder, &["test", "--init"], Kind::Plain);
        judge.run(folder, &["test", "--coverage"], Kind::Plain);
        judge.run(folder, &["test", "--coverage=json"], Kind::Json);
        judge.run(folder, &["test", "--coverage=markdown"], Kind::Markdown);
        judge.run(folder, &["test", "--coverage=html"], Kind::Html);
        fs::remove_file(folder.join("checks.toml")).unwrap();
        judge.forms(folder, "diff", &["--show-secrets", "old", "Caddyfile"]);
        for old in ["old", "around"] {
            let words = ["diff", "--json-diff", old, "Caddyfile"];
            judge.run(folder, &[&words[..], &["--color", "always"]].concat(), Kind::Styled);
            judge.run(folder, &[&words[..], &["--format", "markdown"]].concat(), Kind::Markdown);
        }
        fs::create_dir(folder.join("root")).unwrap();
        let dry = ["deploy", "Caddyfile", "--root", "root", "--dry-run", "--no-drop-in"];
        let plan = judge.run(folder, &dry, Kind::Plain);
        if *place == "body" {
            assert!(plan.starts_with("create  /etc/caddy/Caddyfile"), "{plan}");
            let shown = judge.run(folder, &["routes", "Caddyfile"], Kind::Plain);
            let rendered =
                judge.run(folder, &["routes", "Caddyfile", "--format", "markdown"], Kind::Markdown);
            let short = TEXTS.iter().map(|text| text.trim()).filter(|text| text.chars().count() <= 30);
            let expected: Vec<_> = short.map(shown::line).collect();
            judge
                .documents
                .lock()
                .unwrap()
                .push(json!({"kind": "markdown", "name": "bodies", "text": rendered, "expected": expected}));
            assert_eq!(good.len(), TEXTS.len() + HARMLESS.len(), "all bodies compile");
            for text in HARMLESS {
                assert!(shown.contains(text), "{text} is not shown as it is:\n{shown}");
            }
        }
    });
    judge.end();
}

#[test]
fn texts_in_names_of_sites_and_upstreams() {
    let judge = Judge::default();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let forms: [fn(&str) -> String; 3] = [
        |t| format!("{} {{\n\trespond ok\n}}\n", word(t)),
        |t| format!("{} {{\n\trespond ok\n}}\n", word(&format!("a.test/{t}"))),
        |t| format!("({}) {{\n\trespond ok\n}}\n", t.replace(char::is_whitespace, "")),
    ];
    let files: Vec<String> = forms.iter().flat_map(|form| TEXTS.iter().map(|text| form(text))).collect();
    write(folder, "old", "z.test {\n\trespond ok\n}\n");
    let numbered: Vec<(usize, String)> = files.into_iter().enumerate().collect();
    all(&numbered, |(number, text)| {
        let name = format!("{number}.caddyfile");
        write(folder, &name, text);
        judge.run(folder, &["validate", &name], Kind::Plain);
        if compiles(text) {
            judge.forms(folder, "routes", &[&name]);
            judge.run(folder, &["diff", "old", &name], Kind::Plain);
            judge.run(folder, &["diff", "old", &name, "--format", "markdown"], Kind::Markdown);
            judge.run(folder, &["diff", "old", &name, "--format", "github"], Kind::Github);
        }
    });
    judge.end();
}

#[test]
fn texts_in_names_of_files() {
    let judge = Judge::default();
    let names = hostile::names(".caddyfile");
    all(&names, |name| {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let name = name.as_str();
        write(folder, name, "a.test {\nreverse_prox /x\n}\n");
        write(folder, &format!("old/{name}"), "\trespond /a one\n");
        write(folder, &format!("new/{name}"), "\trespond /a two\n");
        write(folder, "old/Caddyfile", "a.test {\n\timport *.caddyfile\n}\n");
        write(folder, "new/Caddyfile", "a.test {\n\timport *.caddyfile\n}\n");
        fs::create_dir(folder.join("root")).unwrap();
        let name = &format!("./{name}");
        judge.forms(folder, "validate", &[name]);
        judge.run(folder, &["validate", "--color", "always", name], Kind::Styled);
        judge.run(folder, &["fmt", "--check", name], Kind::Plain);
        judge.run(folder, &["fmt", "--diff", name, name], Kind::Plain);
        judge.run(folder, &["validate", "--diff", "--fix", name], Kind::Plain);
        judge.forms(folder, "routes", &["new/Caddyfile"]);
        judge.forms(folder, "diff", &["--show-secrets", "old/Caddyfile", "new/Caddyfile"]);
        judge.run(folder, &["diff", "--color", "always", "old/Caddyfile", "new/Caddyfile"], Kind::Styled);
        judge.run(
            folder,
            &["deploy", "new/Caddyfile", "--root", "root", "--dry-run", "--no-drop-in"],
            Kind::Plain,
        );
        let missing = &format!("{name}.missing.json");
        for words in [
            &["validate", missing][..],
            &["adapt", "--config", missing],
            &["fmt", missing],
            &["diff", missing, "x"],
            &["routes", missing],
            &["deploy", missing, "--root", "root"],
            &["verify", "--checks", missing],
            &["validate", "--envfile", missing, "new/Caddyfile"],
            &["validate", "--caddy", missing, "new/Caddyfile"],
            &["diff", "--against", "HEAD", name],
            &["diff", "--against", name, "new/Caddyfile"],
        ] {
            judge.run(folder, words, Kind::Plain);
            judge.run(folder, &[words, &["--color", "always"]].concat(), Kind::Styled);
        }
    });
    judge.end();
}

#[test]
fn texts_in_definitions_of_plugins() {
    let judge = Judge::default();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (number, text) in TEXTS.iter().chain(HARMLESS).enumerate() {
        let quoted = serde_json::to_string(text).unwrap();
        let lines = [
            format!("format = 1\npackage = {quoted}\n"),
            format!("format = 1\npackage = \"example.com/x\"\n{quoted} = 1\n"),
            format!(
                "format = 1\npackage = \"example.com/x\"\n[[directive]]\nname = {quoted}\norder = {quoted}\n"
            ),
        ];
        for (nth, definition) in lines.iter().enumerate() {
            let name = format!("{number}-{nth}.toml");
            write(folder, &name, definition);
            judge.run(folder, &["plugins", "check", &name], Kind::Plain);
            judge.run(folder, &["plugins", "check", "--color", "always", &name], Kind::Styled);
        }
    }
    judge.end();
}

#[test]
fn texts_in_arguments() {
    let judge = Judge::default();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    all(TEXTS, |text| {
        let option = &format!("--{text}");
        for colour in [Kind::Plain, Kind::Styled] {
            let when = if colour == Kind::Styled { "always" } else { "never" };
            judge.run(folder, &["explain", text, "--color", when], colour);
            judge.run(folder, &[text, "--color", when], colour);
            judge.run(folder, &["--color", when, "--", text], colour);
            // `validate` has its arguments read in a way of its own.
            for command in ["validate", "diff"] {
                judge.run(folder, &[command, "--color", when, option], colour);
                judge.run(folder, &[command, "--color", when, "--format", text], colour);
            }
            for words in [
                ["verify", "--resolve", text],
                ["doctor", "--resolver", text],
                ["deploy", "--timeout", text],
                ["validate", "--select", text],
                ["validate", "--service", text],
                ["deploy", "--admin", text],
                ["status", "--root", text],
                ["rollback", "--root", text],
                ["diff", "--live", text],
            ] {
                judge.run(folder, &[&words[..], &["--color", when]].concat(), colour);
            }
        }
    });
    judge.end();
}

#[test]
fn texts_in_checks() {
    let judge = Judge::default();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let check = |text: &&str| {
        let name = Value::String((*text).to_owned()).to_string().replace('\u{7f}', "\\u007F");
        format!("[[check]]\nname = {name}\nurl = \"http://127.0.0.1:1/\"\nseconds = 1\nretries = 0\n")
    };
    write(folder, "checks.toml", &TEXTS.iter().map(check).collect::<String>());
    judge.forms(folder, "verify", &[]);
    write(folder, "Caddyfile", "http://127.0.0.1:2 {\n\trespond ok\n}\n");
    judge.forms(folder, "test", &["-v"]);
    for (number, text) in TEXTS.iter().enumerate() {
        let name = format!("{number}.toml");
        write(folder, &name, &format!("[[check]]\nurl = {}\n{text} = 1\n", word(text)));
        judge.run(folder, &["verify", "--checks", &name], Kind::Plain);
        judge.run(folder, &["test", "--checks", &name], Kind::Plain);
        write(folder, "caddyctl.toml", &format!("[lint]\nselect = [{}]\n", word(text)));
        write(folder, "Caddyfile", "a.test {\n\trespond ok\n}\n");
        judge.run(folder, &["validate"], Kind::Plain);
        write(folder, "env", &format!("{text}\n"));
        judge.run(folder, &["validate", "--envfile", "env"], Kind::Plain);
    }
    judge.end();
}

#[test]
fn texts_in_the_history() {
    let judge = Judge::default();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "Caddyfile", "http://127.0.0.1:1 {\n\trespond ok\n}\n");
    fs::create_dir(folder.join("root")).unwrap();
    let deployed = program(folder, &["deploy", "Caddyfile", "--root", "root", "--no-drop-in"]);
    assert!(deployed.status.success(), "{}", String::from_utf8_lossy(&deployed.stderr));
    let history = fs::read_dir(folder.join("root/var/lib/caddyctl/history")).unwrap();
    let record = history.map(|entry| entry.unwrap().path().join("record.json")).next().unwrap();
    let known: Value = serde_json::from_slice(&fs::read(&record).unwrap()).unwrap();
    for text in TEXTS {
        let mut forged = known.clone();
        for field in ["who", "revision", "when", "id"] {
            forged[field] = (*text).into();
        }
        forged["source"] = format!("/nowhere/{text}").into();
        forged["files"][0]["path"] = format!("/etc/caddy/{text}").into();
        fs::write(&record, forged.to_string()).unwrap();
        for command in ["history", "status", "doctor"] {
            judge.forms(folder, command, &["--root", "root"]);
        }
        for words in
            [&["rollback", "0", "--dry-run"][..], &["recover"], &["confirm"], &["uninstall", "--dry-run"]]
        {
            judge.run(folder, &[words, &["--root", "root"]].concat(), Kind::Plain);
        }
    }
    judge.end();
}

#[test]
fn texts_in_an_editor() {
    let judge = Judge::default();
    all(&PLACES, |(place, lines)| {
        let texts = TEXTS.iter().enumerate();
        let text: String = texts.map(|(number, text)| site(number, &lines(text))).collect();
        editor(&judge, place, &text);
    });
    let matchers: String = TEXTS
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let lines = format!("\t@m {{\n\t\theader X {}\n\t}}\n\trespond @m ok\n", word(text));
            site(number, &lines) + &format!("({number}) {{\n\trespond {}\n}}\nimport {number}\n", word(text))
        })
        .collect();
    editor(&judge, "definitions", &matchers);
    judge.end();
}

/// What is for programs goes out as it is, but not to a terminal: there it could move the cursor.
#[test]
fn texts_on_a_terminal() {
    let judge = Judge::default();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sites: String = TEXTS.iter().enumerate().map(|(n, text)| site(n, &PLACES[0].1(text))).collect();
    write(folder, "Caddyfile", &sites);
    let mut jobs: Vec<Vec<String>> = Vec::new();
    for words in ["adapt", "adapt --pretty", "fmt", "fmt --diff", "fmt --check", "diff --json-diff old"] {
        jobs.push(words.split(' ').map(str::to_owned).collect());
    }
    write(folder, "old", "a.test {\n\trespond ok\n}\n");
    for (command, more) in [("validate", ""), ("routes", ""), ("diff", "old")] {
        for form in forms(command) {
            let words = [command, more, "Caddyfile", "--format", &form];
            jobs.push(words.into_iter().filter(|word| !word.is_empty()).map(str::to_owned).collect());
        }
    }
    all(&jobs, |words| {
        let output = Command::new("python3")
            .args(["-c", "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"])
            .arg(env!("CARGO_BIN_EXE_caddyctl"))
            .args(words)
            .current_dir(folder)
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let name = format!("{} on a terminal", words.join(" "));
        let text = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
        if text.is_empty() {
            judge.problem(&name, &format!("shows only {text:?}"));
        }
        judge.hidden(&name, &text, true);
    });
    judge.end();
}
