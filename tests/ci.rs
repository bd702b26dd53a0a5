//! The GitHub Action, the GitLab component and the hooks of pre-commit, run in a scratch repository as the platform runs them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use self::github::{Comment, GitHub};

mod github;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");
const OLD: &str = "a.test {\n\treverse_proxy /api/* localhost:1\n}\n";
const NEW: &str = "a.test {\n\treverse_proxy /api/* localhost:2\n}\n";
const SAME: &str = "# a comment\na.test {\n\treverse_proxy /api/* localhost:1\n}\n";

/// A checkout on a runner, with the folders and files that the platform makes beside it.
struct Runner {
    folder: TempDir,
    base: String,
}

/// How a step ended.
struct Step {
    status: i32,
    out: String,
    error: String,
}

impl Runner {
    /// A repository whose base has these files.
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("checkout")).unwrap();
        fs::create_dir(folder.path().join("temp")).unwrap();
        let mut runner = Self { folder, base: String::new() };
        for (name, text) in files {
            runner.write(name, text);
        }
        runner.sh(
            "git init -q -b main && git add . && git -c user.name=T -c user.email=t@a.test commit -qm base",
        );
        runner.sh("git rev-parse HEAD").trim().clone_into(&mut runner.base);
        runner
    }

    fn checkout(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.checkout().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn sh(&self, script: &str) -> String {
        let step = self.step("sh", &["-ec", script], &[]);
        assert_eq!(step.status, 0, "{script}: {}", step.error);
        step.out
    }

    /// A file that the platform gives to steps.
    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("temp").join(name)).unwrap_or_default()
    }

    /// Runs a program in the checkout, with the variables of a runner and these.
    fn step(&self, program: &str, words: &[&str], env: &[(&str, &str)]) -> Step {
        let temp = self.folder.path().join("temp");
        let bin = Path::new(PROGRAM).parent().unwrap();
        let output = Command::new(program)
            .args(words)
            .current_dir(self.checkout())
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("HOME", &temp)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_REPOSITORY", "o/r")
            .env("GITHUB_WORKSPACE", self.checkout())
            .env("RUNNER_TEMP", &temp)
            .env("GITHUB_OUTPUT", temp.join("output"))
            .env("GITHUB_PATH", temp.join("path"))
            .env("GITHUB_STEP_SUMMARY", temp.join("summary"))
            .envs(env.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Step { status: output.status.code().unwrap(), out: text(&output.stdout), error: text(&output.stderr) }
    }

    /// The last value of an output of a step.
    fn output(&self, name: &str) -> String {
        let all = self.file("output");
        let found = all.lines().rev().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_default().to_owned()
    }

    /// The steps of action.yml that compare and comment.
    fn compare(&self, github: &GitHub) -> (Step, Step) {
        let base = [("CADDYCTL_BASE", self.base.as_str()), ("CADDYCTL_CONFIG", "Caddyfile")];
        let diff = self.step(&action("diff"), &[], &base);
        assert_eq!(diff.status, 0, "{}", diff.error);
        (diff, self.comment(github, &["--pull-request", "7"]))
    }

    fn comment(&self, github: &GitHub, which: &[&str]) -> Step {
        let (script, report) = (action("comment.py"), self.output("report"));
        let words = [&[script.as_str(), "--report", &report, "--marker", "Caddyfile"], which].concat();
        self.step("python3", &words, &[("GITHUB_API_URL", &github.url), ("GITHUB_TOKEN", "t")])
    }
}

/// A file of the action.
fn action(name: &str) -> String {
    at(&format!("packaging/action/{name}"))
}

fn at(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn one_comment_follows_the_pull_request() {
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    let foreign =
        Comment { id: 1, login: "github-actions[bot]", is_bot: true, body: "### Another job".into() };
    let copied = "<!-- caddyctl diff Caddyfile -->\nI copied this".to_owned();
    let person = Comment { id: 2, login: "mallory", is_bot: false, body: copied };
    // Ours is on the second page.
    let many = (0..120).map(|id| Comment { id: 10 + id, ..foreign.clone() });
    let before: Vec<_> = [foreign.clone(), person.clone()].into_iter().chain(many).collect();
    let github = GitHub::with(&before);

    runner.write("Caddyfile", SAME);
    assert_eq!(runner.compare(&github).1.status, 0);
    assert_eq!(github.comments(), before, "nothing is posted for a change of the text only");

    runner.write("Caddyfile", NEW);
    let (_, step) = runner.compare(&github);
    assert_eq!(step.status, 0, "{}", step.error);
    let comments = github.comments();
    assert_eq!(comments[..before.len()], before, "comments of others stay");
    let ours = &comments[before.len()..];
    assert_eq!(ours.len(), 1);
    assert!(ours[0].body.starts_with("<!-- caddyctl diff Caddyfile -->\n### Caddy: "), "{}", ours[0].body);
    assert!(ours[0].body.contains("`reverse_proxy localhost:1 -> localhost:2`"), "{}", ours[0].body);
    assert!(runner.file("summary").contains("localhost:1 -> localhost:2"));

    runner.write("Caddyfile", &NEW.replace("localhost:2", "localhost:3"));
    runner.compare(&github);
    let comments = github.comments();
    assert_eq!(comments.len(), before.len() + 1, "the comment is edited");
    assert!(comments.last().unwrap().body.contains("localhost:1 -> localhost:3"));

    runner.write("Caddyfile", OLD);
    runner.compare(&github);
    assert!(github.comments().last().unwrap().body.contains("### Caddy: no differences"));
}

#[test]
fn the_token_of_a_fork_fails_softly_with_the_report_in_the_log() {
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    runner.write("Caddyfile", &NEW.replace("a.test", "a.test, ::error::x.test"));
    runner.write("Caddyfile", NEW);
    let github = GitHub::with(&[]).read_only();
    let (_, step) = runner.compare(&github);
    assert_eq!(step.status, 0, "{}", step.error);
    assert!(step.out.contains("| ### Caddy: "), "{}", step.out);
    let commands = step.out.lines().filter(|line| line.starts_with("::")).count();
    assert_eq!(commands, 1, "only the notice is a command: {}", step.out);
    assert_eq!(github.comments(), []);
}

#[test]
fn a_second_workflow_comments_on_the_pull_request_of_a_fork() {
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    runner.write("Caddyfile", NEW);
    let base = [("CADDYCTL_BASE", runner.base.as_str())];
    assert_eq!(runner.step(&action("diff"), &[], &base).status, 0);
    let pulls = json!([{ "number": 7, "head": { "sha": "abc" } }]);
    let github = GitHub::with(&[]).with_pulls(pulls);
    let other = runner.comment(&github, &["--head", "fork:main", "--commit", "older"]);
    assert_eq!((other.status, github.comments().len()), (0, 0), "{}", other.out);
    let step = runner.comment(&github, &["--head", "fork:main", "--commit", "abc"]);
    assert_eq!((step.status, github.comments().len()), (0, 1), "{}", step.error);
}

#[test]
fn a_long_report_is_cut_for_the_comment_and_whole_in_the_summary() {
    let site = |port: &str| -> String {
        (0..800).map(|nth| format!("s{nth}.test {{\n\treverse_proxy localhost:{port}\n}}\n\n")).collect()
    };
    let runner = Runner::with(&[("Caddyfile", &site("1"))]);
    runner.write("Caddyfile", &site("2"));
    let github = GitHub::with(&[]);
    let (_, step) = runner.compare(&github);
    assert_eq!(step.status, 0, "{}", step.error);
    let body = &github.comments()[0].body;
    assert!(body.chars().count() <= 65_536 && body.contains("All of it is in the summary"), "{}", body.len());
    assert!(runner.file("summary").contains("s799.test"));
}

#[test]
fn the_check_has_annotations_and_sarif_and_sees_imports() {
    let files = [("Caddyfile", "import sites/*\n"), ("sites/a.caddyfile", OLD)];
    let runner = Runner::with(&files);
    let config = [("CADDYCTL_CONFIG", "Caddyfile")];
    let step = runner.step(&action("check"), &[], &config);
    assert_eq!(step.status, 0, "{}{}", step.out, step.error);
    let sarif = fs::read_to_string(runner.output("sarif")).unwrap();
    assert!(sarif.contains("\"version\": \"2.1.0\""));
    runner.write("sites/a.caddyfile", &OLD.replace('\t', "    "));
    assert_eq!(runner.step(&action("check"), &[], &config).status, 1, "an import is not formatted");
    runner.write("sites/a.caddyfile", "a.test {\n\treverse_prox localhost:1\n}\n");
    let step = runner.step(&action("check"), &[], &config);
    assert_eq!(step.status, 1);
    assert!(step.out.contains("::error file=sites/a.caddyfile,line=2"), "{}", step.out);
}

#[test]
fn wrong_inputs_are_named() {
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    let base = runner.step(&action("diff"), &[], &[("CADDYCTL_BASE", "--output=x")]);
    assert!(base.status == 2 && base.error.contains("not a revision"), "{}", base.error);
    let gone = runner.step(&action("diff"), &[], &[("CADDYCTL_BASE", "no-such-branch")]);
    assert!(gone.status == 2 && gone.error.contains("cannot fetch no-such-branch"), "{}", gone.error);
    let none = runner.step(&action("diff"), &[], &[]);
    assert!(none.status == 0 && none.out.contains("no revision to compare with"), "{}", none.out);
    let version = runner.step(&action("install"), &[], &[("CADDYCTL_VERSION", "1; touch /tmp/x")]);
    assert!(version.status == 2 && version.error.contains("is not a version"), "{}", version.error);
    let installed = runner.step(&action("install"), &[], &[("CADDYCTL_PROGRAM", PROGRAM)]);
    assert_eq!(installed.status, 0, "{}", installed.error);
    assert_eq!(runner.file("path").trim(), Path::new(PROGRAM).parent().unwrap().to_string_lossy());
}

#[test]
fn a_failure_for_effects_is_asked_for() {
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    runner.write("Caddyfile", &format!("{OLD}\nb.test {{\n\trespond b\n}}\n"));
    let env = [("CADDYCTL_BASE", runner.base.as_str()), ("CADDYCTL_EXIT_ON", "effects")];
    assert_eq!(runner.step(&action("diff"), &[], &env).status, 0);
    assert_eq!(runner.output("status"), "1");
}

/// What a pull request can put into the checkout so that a step runs it.
#[test]
fn a_hostile_pull_request_runs_nothing_and_sees_no_secret() {
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    let trap = runner.folder.path().join("ran");
    for name in ["caddyctl", "git", "python3", "iconv", "packaging/action/diff", ".git/hooks/post-checkout"] {
        runner.write(name, &format!("#!/bin/sh\ntouch {}\n", trap.display()));
        let path = runner.checkout().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    for name in ["json.py", "urllib.py", "sitecustomize.py", "pathlib.py"] {
        runner.write(name, &format!("open({:?}, 'w')\n", trap.display().to_string()));
    }
    let secret = "sw0rdfish-of-the-runner";
    runner
        .write("Caddyfile", &format!("{NEW}\nb.test {{\n\trespond {{$DEPLOY_TOKEN}}{{$GITHUB_TOKEN}}\n}}\n"));
    let github = GitHub::with(&[]);
    let env = [
        ("CADDYCTL_BASE", runner.base.as_str()),
        ("CADDYCTL_CONFIG", "Caddyfile"),
        ("DEPLOY_TOKEN", secret),
        ("GITHUB_TOKEN", secret),
        ("GITHUB_API_URL", &github.url),
    ];
    let mut seen = String::new();
    for name in ["check", "diff"] {
        let step = runner.step(&action(name), &[], &env);
        assert!(step.status <= 1, "{}", step.error);
        seen += &(step.out + &step.error);
    }
    let comment = runner.comment(&github, &["--pull-request", "7"]);
    assert_eq!(comment.status, 0, "{}", comment.error);
    seen += &(github.comments()[0].body.clone() + &runner.file("summary") + &runner.file("caddyctl.sarif"));
    assert!(!seen.contains(secret), "{seen}");
    let inside = runner.step(&action("install"), &[], &[("CADDYCTL_PROGRAM", "./caddyctl")]);
    assert!(inside.status == 2 && inside.error.contains("inside the checkout"), "{}", inside.error);
    assert!(!trap.exists(), "a file of the checkout was run");
}

/// The words of action.yml name each script, and each script is named.
#[test]
fn the_action_runs_the_scripts_that_are_tested() {
    let text = fs::read_to_string(at("action.yml")).unwrap();
    for name in ["install", "check", "diff", "comment.py"] {
        assert!(text.contains(&format!("$GITHUB_ACTION_PATH/packaging/action/{name}\"")), "{name}");
    }
    // An input that is put into a script would be run by the shell.
    let runs: Vec<_> = text.lines().filter(|line| line.trim_start().starts_with("run:")).collect();
    assert!(runs.len() >= 4 && runs.iter().all(|line| !line.contains("${{")), "{runs:?}");
}

/// The lines below `script:` of the component.
fn script_of_the_component() -> Vec<String> {
    let text = fs::read_to_string(at("templates/caddyctl.yml")).unwrap();
    let (_, rest) = text.split_once("  script:\n").unwrap();
    let mut lines: Vec<String> = Vec::new();
    for line in rest.lines().take_while(|line| line.starts_with("    ")) {
        let line = line.trim_start();
        if line.starts_with('#') {
            continue;
        }
        match line.strip_prefix("- ") {
            Some(">-") => lines.push(String::new()),
            Some(line) => lines.push(line.trim_matches('\'').to_owned()),
            None => lines.last_mut().unwrap().push_str(&format!("{line} ")),
        }
    }
    lines
}

#[test]
fn the_component_runs_on_gitlab() {
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    let origin = format!("file://{}", runner.checkout().display());
    runner.sh(&format!("git remote add origin {origin}"));
    runner.write("Caddyfile", NEW);
    let script = script_of_the_component();
    assert!(script.len() >= 7, "{script:?}");
    // A job's lines share one shell, which stops at the first that fails.
    let all = format!("set -e\n{}", script.join("\n"));
    let env = [("CADDYCTL_CONFIG", "Caddyfile"), ("BASE", runner.base.as_str())];
    let step = runner.step("bash", &["-c", &all], &env);
    assert_eq!(step.status, 0, "{}{}", step.out, step.error);
    assert!(step.out.contains("`reverse_proxy localhost:1 -> localhost:2`"), "{}", step.out);
    let quality = fs::read_to_string(runner.checkout().join("caddyctl.json")).unwrap();
    assert!(quality.starts_with('['), "{quality}");
    runner.write("Caddyfile", "a.test {\n\treverse_prox localhost:1\n}\n");
    assert_ne!(runner.step("bash", &["-c", &all], &env).status, 0);
}

#[test]
fn the_hooks_of_pre_commit() {
    let program = at("target/caddy/bin/pre-commit");
    assert!(Path::new(&program).exists(), "pre-commit is missing; `./test --no-run` installs it");
    let runner = Runner::with(&[("Caddyfile", OLD)]);
    // pre-commit clones a repository of hooks; this one has only their definition.
    let hooks = Runner::with(&[(
        ".pre-commit-hooks.yaml",
        &fs::read_to_string(at(".pre-commit-hooks.yaml")).unwrap(),
    )]);
    let config = format!(
        "repos:\n  - repo: file://{}\n    rev: {}\n    hooks:\n      - id: caddyctl-fmt-system\n      - id: caddyctl-validate-system\n",
        hooks.checkout().display(),
        hooks.base
    );
    runner.write(".pre-commit-config.yaml", &config);
    runner.sh("git add .");
    let run = || runner.step(&program, &["run", "--all-files"], &[]);
    let step = run();
    assert_eq!(step.status, 0, "{}{}", step.out, step.error);
    runner.write("sites/b.caddyfile", "b.test {\n    respond b\n}\n");
    runner.write("Caddyfile.j2", "{{ name }} {\n    respond b\n}\n");
    runner.sh("git add .");
    let step = run();
    assert_eq!(step.status, 1, "a file was formatted: {}", step.out);
    assert_eq!(
        fs::read_to_string(runner.checkout().join("sites/b.caddyfile")).unwrap(),
        "b.test {\n\trespond b\n}\n"
    );
    assert!(fs::read_to_string(runner.checkout().join("Caddyfile.j2")).unwrap().contains("{{ name }}"));
    runner.write("sites/b.caddyfile", "b.test {\n\trespnd b\n}\n");
    runner.sh("git add .");
    assert!(run().out.contains("E0201"), "validate reports");
}
