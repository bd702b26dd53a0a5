//! Where a deployment comes from: a commit, with or without changes, an archive of one, an archive on standard input.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::deploy::bench::{ANSWER, Bench, err, out};
use crate::support::backend::get;

fn git(folder: &Path, words: &[&str]) -> Vec<u8> {
    let mut command = Command::new("git");
    for (name, value) in [("user.name", "Ann"), ("user.email", "ann@a.test"), ("commit.gpgsign", "false")] {
        command.args(["-c", &format!("{name}={value}")]);
    }
    let output = command.current_dir(folder).args(words).output().unwrap();
    assert!(output.status.success(), "git {words:?}: {}", err(&output));
    output.stdout
}

fn newest(bench: &Bench) -> Value {
    let all: Value = serde_json::from_str(&out(&bench.run(&["history", "--format", "json"]))).unwrap();
    all[0].clone()
}

#[test]
fn a_commit_with_uncommitted_changes_is_marked() {
    let bench = Bench::new();
    let repo = bench.folder.path().join("repo");
    bench.write("import answer", ANSWER);
    git(&repo, &["init", "--quiet"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "--quiet", "--message", "first"]);
    let commit = String::from_utf8(git(&repo, &["rev-parse", "HEAD"])).unwrap();
    let done = bench.deploy(&[]);
    assert!(done.status.success(), "{}", err(&done));
    let record = newest(&bench);
    assert_eq!((record["revision"].as_str(), &record["modified"]), (Some(commit.trim()), &false.into()));
    // An imported file alone has changed.
    bench.write("import answer", &ANSWER.replace("hi", "ho"));
    assert!(bench.deploy(&[]).status.success());
    let record = newest(&bench);
    assert_eq!((record["revision"].as_str(), &record["modified"]), (Some(commit.trim()), &true.into()));
    let history = out(&bench.run(&["history"]));
    assert!(history.starts_with("now  ") && history.contains(&format!("{}+  ", &commit[..12])), "{history}");
    let status = out(&bench.run(&["status"]));
    assert!(status.contains(&format!("revision {} with uncommitted changes", commit.trim())), "{status}");
}

/// What `git archive` writes names the commit, and a file in it the author.
#[test]
fn an_archive_on_standard_input_carries_its_revision_and_author() {
    let bench = Bench::new();
    let repo = bench.folder.path().join("repo");
    bench.write("import answer", ANSWER);
    std::fs::write(repo.join(".gitattributes"), "revision.toml export-subst\n").unwrap();
    std::fs::write(repo.join("revision.toml"), "author = \"$Format:%an$\"\n").unwrap();
    git(&repo, &["init", "--quiet"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "--quiet", "--message", "first"]);
    let commit = String::from_utf8(git(&repo, &["rev-parse", "HEAD"])).unwrap();
    let packed = git(&repo, &["archive", "--format=tar.gz", "HEAD"]);
    let from = |bytes: &[u8]| {
        let mut command = bench.command(&["deploy", "--from", "-", "--no-drop-in"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(bytes);
        child.wait_with_output().unwrap()
    };
    let cut = from(&packed[..packed.len() / 2]);
    assert_eq!(cut.status.code(), Some(1), "{}", err(&cut));
    assert!(err(&cut).contains("cannot read the archive -: it is cut off"), "{}", err(&cut));
    let empty = from(b"");
    assert!(err(&empty).contains("cannot read the archive -: it is empty"), "{}", err(&empty));
    let done = from(&packed);
    assert!(done.status.success(), "{}", err(&done));
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
    let record = newest(&bench);
    assert_eq!(record["revision"].as_str(), Some(commit.trim()));
    assert_eq!(record["author"].as_str(), Some("Ann"));
    assert!(out(&bench.run(&["history"])).contains(", written by Ann\n"));
    // Nobody has filled in what a checkout has there.
    let folder = bench.run(&["deploy", "--from", "repo", "--no-drop-in", "--force"]);
    assert!(folder.status.success(), "{}", err(&folder));
    assert_eq!(newest(&bench)["author"], Value::Null);
}

/// A folder that does not exist has no status and no history.
#[test]
fn a_root_that_does_not_exist() {
    let bench = Bench::new();
    for command in ["status", "history", "rollback", "doctor", "recover", "confirm", "uninstall"] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        let run = run.current_dir(bench.folder.path()).args([command, "--root", "nowhere"]).output().unwrap();
        assert_eq!(run.status.code(), Some(2), "{command}: {}", err(&run));
        assert!(err(&run).starts_with("error: cannot use --root "), "{command}: {}", err(&run));
        assert!(err(&run).contains("/nowhere: no such file\n"), "{command}: {}", err(&run));
        assert_eq!(out(&run), "", "{command}");
    }
}
