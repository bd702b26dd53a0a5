//! The examples in README.md: each command that needs no server prints what the README shows.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A line that stands for any lines.
const OMITTED: &str = "...";

/// A command of the README, the output that it shows, and the Caddyfile of the section, if it has one.
struct Example {
    command: String,
    shown: Vec<String>,
    caddyfile: Option<String>,
}

#[test]
fn the_commands_print_what_the_readme_shows() {
    let mut seen = 0;
    for example in examples(&readme()) {
        let words: Vec<&str> = example.command.split_whitespace().collect();
        if words[0] != "caddyctl"
            || !["validate", "adapt", "fmt", "routes", "trace", "test", "diff"].contains(&words[1])
        {
            continue;
        }
        let printed = run(&example.command, example.caddyfile.as_deref());
        assert!(matches(&example.shown, &printed), "{}\n{}", example.command, printed.join("\n"));
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} commands");
}

#[test]
fn the_comment_on_a_pull_request_is_that_of_diff() {
    let text = readme();
    let shown: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix('>'))
        .map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned())
        .collect();
    assert!(shown.len() >= 5, "{shown:?}");
    let command = text.split('`').find(|code| code.starts_with("caddyctl diff --format markdown"));
    let printed = run(command.expect("the README names the command"), None);
    assert_eq!(printed[..shown.len()], shown);
}

#[test]
fn the_number_of_lint_rules_is_right() {
    let rules = caddyctl_analysis::lint::all().count();
    assert!(readme().contains(&format!("{rules} lint rules")), "there are {rules} rules");
}

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The commands of the code blocks `console`.
fn examples(text: &str) -> Vec<Example> {
    let mut found = Vec::new();
    for section in text.split("\n## ") {
        let mut caddyfile = None;
        for block in section.split("\n```").collect::<Vec<_>>().chunks(2) {
            let [_, code] = block else { continue };
            let (language, code) = code.split_once('\n').unwrap_or_default();
            match language {
                "caddyfile" => caddyfile = Some(format!("{code}\n")),
                "console" => {
                    for part in format!("\n{code}").split("\n$ ").skip(1) {
                        let mut lines = part.lines().map(str::to_owned);
                        let command = lines.next().unwrap_or_default();
                        found.push(Example { command, shown: lines.collect(), caddyfile: caddyfile.clone() });
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// What a shell prints for the command, in a folder with the files of the repository, or with this Caddyfile.
fn run(command: &str, caddyfile: Option<&str>) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for file in ["Caddyfile", "checks.toml", "examples/auth-server/Caddyfile"] {
        fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
        fs::copy(root.join(file), folder.path().join(file)).unwrap();
    }
    fs::write(folder.path().join("draft.caddyfile"), "example.com {\nrespond \"hello\"\n}\n").unwrap();
    fs::write(folder.path().join("access.log"), access_log()).unwrap();
    if let Some(text) = caddyfile {
        fs::write(folder.path().join("Caddyfile"), text).unwrap();
    }
    let program = Path::new(env!("CARGO_BIN_EXE_caddyctl")).parent().unwrap();
    let script = format!("PATH={}:$PATH; exec 2>&1; {command}", program.display());
    let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// A log of the site of the examples: 30 requests for the page, and 18 for what only the other example has.
fn access_log() -> String {
    let of = |count: usize, path: &str, status: u16| -> String {
        let line = |number: usize| {
            let uri = path.replace('N', &number.to_string());
            let request = serde_json::json!({
                "remote_ip": "198.51.100.7", "client_ip": "198.51.100.7", "proto": "HTTP/2.0", "method": "GET",
                "host": "stt.fullen.dev", "uri": uri, "headers": { "User-Agent": ["Mozilla/5.0"] },
                "tls": { "server_name": "stt.fullen.dev" },
            });
            serde_json::json!({
                "level": "info", "ts": 1_796_083_201.5, "logger": "http.log.access", "msg": "handled request",
                "request": request, "duration": 0.002, "size": 5, "status": status,
            })
        };
        (0..count).map(|number| format!("{}\n", line(number))).collect()
    };
    of(30, "/", 200) + &of(12, "/api/auth/session?token=N", 404) + &of(6, "/health", 404)
}

/// Whether the output is the shown one, in which a line `...` stands for any lines. Empty lines between commands do not
/// count.
fn matches(shown: &[String], printed: &[String]) -> bool {
    let shown = match shown {
        [rest @ .., last] if last.is_empty() => rest,
        all => all,
    };
    match shown {
        [] => printed.is_empty(),
        [first, rest @ ..] if first == OMITTED => (0..=printed.len()).any(|at| matches(rest, &printed[at..])),
        [first, rest @ ..] => printed.first() == Some(first) && matches(rest, &printed[1..]),
    }
}
