//! Runs the program and looks at the bytes that it prints, form by form.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::support::hostile::{HARMLESS, is_hidden};

/// How an output is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lines for people, without colours.
    Plain,
    /// Lines for people, with colours.
    Styled,
    /// Lines that GitHub's runner obeys.
    Github,
    Markdown,
    Html,
    Xml,
    Json,
    /// JSON as Caddy writes it, byte for byte.
    CaddyJson,
    /// The files themselves.
    Data,
}

/// The form of what `command` prints with `--format form`; every form of every command is listed.
pub fn kind(command: &str, form: &str) -> Kind {
    match (command, form) {
        (_, "text") | ("validate", "full" | "concise") | ("routes", "table") | ("test", "tap") => Kind::Plain,
        (_, "json")
        | ("validate", "sarif" | "gitlab" | "rdjson")
        | ("diff", "patch")
        | ("advisories", "sarif") => Kind::Json,
        ("validate" | "diff" | "test", "github") => Kind::Github,
        ("diff" | "routes" | "advisories" | "upgrade", "markdown") => Kind::Markdown,
        ("routes", "html") => Kind::Html,
        ("validate" | "verify" | "test", "junit") => Kind::Xml,
        _ => panic!("`{command} --format {form}` has no case in tests/shown.rs: say how it is judged"),
    }
}

pub fn program(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    command.args(words).current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
    command.output().unwrap()
}

/// The values of `--format`, as clap lists them.
pub fn forms(command: &str) -> Vec<String> {
    let output = program(Path::new("."), &[command, "--format", "?"]);
    let printed = String::from_utf8(output.stderr).unwrap();
    let Some(list) = printed.split("[possible values: ").nth(1) else { return Vec::new() };
    list.split(']').next().unwrap().split(", ").map(str::to_owned).collect()
}

/// What was found wrong, and the documents that are parsed at the end.
#[derive(Default)]
pub struct Judge {
    pub problems: Mutex<Vec<String>>,
    pub documents: Mutex<Vec<Value>>,
}

impl Judge {
    /// Runs the program and judges both streams.
    pub fn run(&self, folder: &Path, words: &[&str], kind: Kind) -> String {
        let output = program(folder, words);
        let name = words.join(" ").escape_debug().to_string();
        let out = self.text(&name, &output.stdout, kind);
        let errors = if kind == Kind::Styled { Kind::Styled } else { Kind::Plain };
        self.text(&format!("{name} (stderr)"), &output.stderr, errors);
        if output.status.code().is_none_or(|code| code > 2) {
            self.problem(&name, &format!("ended with {}", output.status));
        }
        out
    }

    /// Every form of `command`.
    pub fn forms(&self, folder: &Path, command: &str, words: &[&str]) {
        let forms = forms(command);
        assert!(!forms.is_empty(), "{command} has no forms");
        for form in forms {
            let words = [&[command][..], words, &["--format", &form]].concat();
            self.run(folder, &words, kind(command, &form));
        }
    }

    pub fn problem(&self, name: &str, problem: &str) {
        self.problems.lock().unwrap().push(format!("{name}: {problem}"));
    }

    pub fn text(&self, name: &str, bytes: &[u8], kind: Kind) -> String {
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.problem(name, "is not UTF-8");
            return String::new();
        };
        if kind != Kind::CaddyJson && kind != Kind::Data {
            self.hidden(name, text, kind == Kind::Styled);
        }
        match kind {
            Kind::Plain | Kind::Styled => self.lines(name, text),
            Kind::Github => self.commands(name, text),
            Kind::Markdown | Kind::Html | Kind::Xml => {
                if kind == Kind::Markdown {
                    self.lines(name, text);
                }
                let kind = format!("{kind:?}").to_lowercase();
                self.documents.lock().unwrap().push(json!({"kind": kind, "name": name, "text": text}));
            }
            Kind::Json | Kind::CaddyJson => {
                if kind == Kind::Json {
                    self.lines(name, text);
                }
                let whole = serde_json::from_str::<Value>(text);
                if !text.is_empty() && whole.is_err() {
                    self.problem(name, &format!("is no JSON: {text}"));
                }
            }
            Kind::Data => {}
        }
        text.to_owned()
    }

    /// Nothing hidden but line breaks, tabs, colours of ours where they were asked for, and what emoji need.
    pub fn hidden(&self, name: &str, text: &str, styled: bool) {
        let mut bare = text.to_owned();
        if styled {
            let colour = regex::Regex::new(
                "\x1b\\[[0-9;]*m|\x1b\\]8;;(https://caddyserver\\.com/docs/[!-~]*)?\x1b\\\\",
            );
            bare = colour.unwrap().replace_all(&bare, "").into_owned();
            if text.contains("\x1b[8m") {
                self.problem(name, "has a colour that is not ours");
            }
        }
        for harmless in HARMLESS.iter().flat_map(|text| text.split(' ')) {
            bare = bare.replace(harmless, "");
        }
        let marks = |window: &[char]| window.iter().all(|c| ('\u{300}'..='\u{36f}').contains(c));
        let letters: Vec<char> = bare.chars().collect();
        if letters.windows(5).any(marks) {
            self.problem(name, "has a flood of marks");
        }
        if let Some(c) = bare.chars().find(|c| is_hidden(*c) && !matches!(c, '\n' | '\t')) {
            let line = bare.lines().find(|line| line.contains(c)).unwrap_or_default();
            self.problem(name, &format!("has {c:?} in {line:?}"));
        }
    }

    /// Nothing that a runner obeys.
    pub fn lines(&self, name: &str, text: &str) {
        for line in text.split(['\n', '\r']) {
            let is_mark = ["##[", "##vso[", "##teamcity["].iter().any(|mark| line.contains(mark));
            // GitHub's runner looks for a second `::`, after any word.
            let is_command = line.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"));
            if is_command || is_mark {
                self.problem(name, &format!("is obeyed: {line:?}"));
            }
            // With one blank in front of it, it is a line of a diff; `fmt --diff` has two, as Caddy does.
            let is_begun = line.strip_prefix("  ").unwrap_or(line).starts_with("error: forged");
            if is_begun && !name.starts_with("fmt --diff") {
                self.problem(name, &format!("has a line of somebody else: {line:?}"));
            }
        }
    }

    /// Workflow commands of ours, and other lines that are none.
    pub fn commands(&self, name: &str, text: &str) {
        let ours = regex::Regex::new(
            "^::(error|warning|notice) (file=[^:,]*,(line=\\d+,(endLine=\\d+,)?(col=\\d+,)?(endColumn=\\d+,)?)?)?title=[^:,]*::",
        );
        let ours = ours.unwrap();
        for line in text.lines() {
            if ours.is_match(line) {
                self.lines(name, &line.replacen("::", "", 1));
            } else {
                self.lines(name, line);
            }
        }
    }

    /// Renders and parses the documents, and fails with all that is wrong.
    pub fn end(self) {
        let documents = self.documents.into_inner().unwrap();
        let mut problems = self.problems.into_inner().unwrap();
        if !documents.is_empty() {
            problems.extend(rendered(&documents));
        }
        assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    }
}

/// What GitHub's renderer and the parsers of HTML and XML find wrong.
pub fn rendered(documents: &[Value]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/caddy/bin/python3");
    let mut child = Command::new(&python)
        .arg(root.join("tests/shown/rendered.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("`./test` brings {}: {error}", python.display()));
    let mut input = child.stdin.take().unwrap();
    let text: String = documents.iter().map(|document| document.to_string() + "\n").collect();
    let output = std::thread::scope(|threads| {
        threads.spawn(move || input.write_all(text.as_bytes()));
        child.wait_with_output().unwrap()
    });
    assert!(
        output.status.success(),
        "the renderers cannot run; this brings GitHub's:\n    target/caddy/bin/pip install cmarkgfm==2025.10.22"
    );
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Runs each job on one of a few threads.
pub fn all<T: Sync>(jobs: &[T], run: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(job);
                }
            });
        }
    });
}
