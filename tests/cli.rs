//! The program as its users meet it: arguments, exit statuses, streams, and system errors.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use caddyctl_language::diagnostics::Code;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");
const GOOD: &str = "example.com {\n\trespond \"hello\"\n}\n";
const BAD: &str = "example.com {\n\trespnd \"hello\"\n}\n";
const UNFORMATTED: &str = "example.com {\nrespond \"hello\"\n}\n";

/// A folder with some files in it, to run the program in.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(args).current_dir(&self.0).env_clear().stdin(Stdio::null());
        command
    }

    /// Exit status, standard output, standard error.
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        finished(self.command(args).output().unwrap())
    }

    fn run_with(&self, args: &[&str], input: &str) -> (i32, String, String) {
        let mut command = self.command(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The program may well answer before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        finished(child.wait_with_output().unwrap())
    }
}

fn finished(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The names of all commands, as help lists them.
fn commands() -> Vec<String> {
    let (status, help, _) = Folder::with(&[]).run(&["--help"]);
    assert_eq!(status, 0);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let names: Vec<String> = list
        .lines()
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect();
    assert!(names.len() >= 6, "{names:?}");
    names
}

#[test]
fn every_command_has_help_with_exit_statuses() {
    let folder = Folder::with(&[]);
    for name in commands() {
        let (status, out, err) = folder.run(&[&name, "--help"]);
        assert_eq!((status, err.as_str()), (0, ""), "{name}");
        assert!(out.contains(&format!("Usage: caddyctl {name}")), "{name}:\n{out}");
        assert!(out.contains("Exit status: 0"), "{name}:\n{out}");
    }
}

/// What the shell script is given for the last of these words.
fn candidates(folder: &Folder, words: &[&str]) -> Vec<String> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .arg("--")
        .args(words)
        .current_dir(folder.path("."))
        .env("CADDYCTL_COMPLETE", "fish")
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    out.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect()
}

#[test]
fn codes_words_and_revisions_are_completed() {
    let folder = Folder::with(&[("Caddyfile", GOOD)]);
    let git = |words: &[&str]| {
        let status = std::process::Command::new("git").args(words).current_dir(folder.path(".")).status();
        assert!(status.unwrap().success(), "git {words:?}");
    };
    git(&["init", "--quiet", "--initial-branch=trunk"]);
    git(&["add", "."]);
    git(&["-c", "user.name=T", "-c", "user.email=t@a.test", "commit", "--quiet", "-m", "first"]);
    git(&["tag", "v1"]);
    let has = |words: &[&str], wanted: &str| {
        let found = candidates(&folder, words);
        assert!(found.iter().any(|found| found == wanted), "{words:?}: {found:?}");
    };
    has(&["caddyctl", "explain", "e02"], "E0201");
    has(&["caddyctl", "explain", "reverse_p"], "reverse_proxy");
    has(&["caddyctl", "validate", "--select", "S00"], "S001");
    has(&["caddyctl", "validate", "--ignore", "C001,S00"], "C001,S001");
    has(&["caddyctl", "diff", "--against", "t"], "trunk");
    has(&["caddyctl", "diff", "--against", "v"], "v1");
}

#[test]
fn every_command_has_a_manual_page_and_a_completion() {
    let folder = Folder::with(&[]);
    assert_eq!(folder.run(&["man", "--dir", "man/man1"]).0, 0);
    let (_, main, _) = folder.run(&["man"]);
    assert_eq!(main, fs::read_to_string(folder.path("man/man1/caddyctl.1")).unwrap());
    for name in commands() {
        let page = fs::read_to_string(folder.path(&format!("man/man1/caddyctl-{name}.1"))).unwrap();
        for section in ["NAME", "SYNOPSIS", "OPTIONS", "\"EXIT STATUS\"", "FILES", "\"SEE ALSO\""] {
            assert!(page.contains(&format!(".SH {section}\n")), "{name}: {section}\n{page}");
        }
        assert!(candidates(&folder, &["caddyctl", &name[..1]]).contains(&name), "{name}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(folder.run(&["completions", shell]).1.contains("CADDYCTL_COMPLETE"), "{shell}");
    }
}

#[test]
fn a_usage_error_exits_2_and_is_on_standard_error() {
    let folder = Folder::with(&[("Caddyfile", GOOD)]);
    let wrong: [&[&str]; 9] = [
        &[],
        &["frobnicate"],
        &["validate", "--no-such-flag"],
        &["validate", "--format", "yaml"],
        &["validate", "--deny", "everything"],
        &["validate", "Caddyfile", "--config", "Caddyfile"],
        &["adapt", "--adapter", "nginx"],
        &["--color", "sometimes", "version"],
        &["explain", "E9999"],
    ];
    for args in wrong {
        let (status, out, err) = folder.run(args);
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}\n{err}");
        assert!(!err.is_empty(), "{args:?}");
    }
}

#[test]
fn validate_exits_by_what_it_found() {
    let folder = Folder::with(&[("Caddyfile", GOOD), ("bad", BAD), ("plain", UNFORMATTED)]);
    assert_eq!(folder.run(&["validate"]), (0, "no findings in Caddyfile\n".into(), String::new()));
    let (status, out, err) = folder.run(&["validate", "--format", "concise", "bad"]);
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(out.starts_with("bad:2:2: error[E0201]: ") && out.ends_with("1 error in bad\n"), "{out}");
    assert_eq!(folder.run(&["validate", "--config", "bad"]).0, 1);
    // A warning fails only when asked to.
    assert_eq!(folder.run(&["validate", "plain"]).0, 0);
    assert_eq!(folder.run(&["validate", "--deny", "warning", "plain"]).0, 1);
    assert_eq!(folder.run(&["validate", "--deny", "note", "Caddyfile"]).0, 0);
}

#[test]
fn validate_takes_several_files_and_folders() {
    let folder = Folder::with(&[
        ("Caddyfile", "import sites/shared.caddyfile\n"),
        ("sites/shared.caddyfile", BAD),
        ("sites/more/Caddyfile", GOOD),
        ("sites/notes.txt", "not a Caddyfile"),
        (".git/Caddyfile", BAD),
        ("empty/notes.txt", ""),
    ]);
    let (status, out, _) = folder.run(&["validate", "--format", "concise", "."]);
    assert_eq!(status, 1);
    // The shared file is checked where it is imported, not by itself.
    assert!(out.contains("sites/shared.caddyfile:2:2: "), "{out}");
    assert!(out.ends_with("1 error in 1 of 2 files\n"), "{out}");
    // Named, it is checked by itself; and the same error is not reported twice.
    let (_, out, _) =
        folder.run(&["validate", "--format", "concise", "Caddyfile", "sites/more", "Caddyfile"]);
    assert!(out.ends_with("1 error in 1 of 2 files\n"), "{out}");
    let (status, _, err) = folder.run(&["validate", "empty"]);
    assert_eq!(status, 2);
    assert!(err.starts_with("error: no Caddyfile in the folder empty\nhelp: "), "{err}");
}

#[test]
fn machine_formats_are_whole_documents() {
    let folder = Folder::with(&[("Caddyfile", BAD)]);
    for format in ["json", "sarif", "gitlab"] {
        let (status, out, err) = folder.run(&["validate", "--format", format]);
        assert_eq!((status, err.as_str()), (1, ""), "{format}");
        let _: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{format}: {e}"));
    }
    assert!(folder.run(&["validate", "--format", "junit"]).1.starts_with("<?xml"));
    assert!(folder.run(&["validate", "--format", "github"]).1.starts_with("::error file=Caddyfile,line=2,"));
}

#[test]
fn imported_files_are_named_from_the_repository_in_machine_formats() {
    let folder = Folder::with(&[("Caddyfile", "import sites/*\n"), ("sites/a", BAD)]);
    assert!(folder.run(&["validate", "--format", "github"]).1.starts_with("::error file=sites/a,"));
}

#[test]
fn standard_input_is_read_for_a_dash() {
    let folder = Folder::with(&[("sites/part", "respond \"hello\"\n")]);
    let (status, out, err) = folder.run_with(&["adapt", "--config", "-"], GOOD);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.starts_with("{\"apps\":{\"http\":") && out.ends_with("}\n"), "{out}");
    let (status, out, _) = folder.run_with(&["validate", "--format", "concise", "-"], BAD);
    assert_eq!(status, 1);
    assert!(out.starts_with("-:2:2: error[E0201]"), "{out}");
    // Its name is what messages show, and its folder is where imports start from.
    let args = ["validate", "--format", "concise", "--stdin-filename", "sites/Caddyfile", "-"];
    let (status, out, _) = folder.run_with(&args, "example.com {\n\timport part\n}\n");
    assert_eq!((status, out.as_str()), (0, "no findings in sites/Caddyfile\n"));
    let args = ["routes", "--stdin-filename", "sites/Caddyfile"];
    let (status, out, _) = folder.run_with(&args, "example.com {\n\timport part\n}\n");
    assert_eq!(status, 0);
    assert!(out.starts_with("example.com\n") && out.contains("sites/part:1"), "{out}");
}

#[test]
fn adapt_prints_json_on_one_stream_and_faults_on_the_other() {
    let folder = Folder::with(&[("Caddyfile", UNFORMATTED), ("bad", BAD)]);
    let (status, compact, err) = folder.run(&["adapt"]);
    assert_eq!(status, 0);
    assert!(err.contains("warning[W0001]"), "{err}");
    let (_, pretty, _) = folder.run(&["adapt", "--pretty", "--adapter", "caddyfile"]);
    assert!(pretty.starts_with("{\n\t\"apps\": {\n"), "{pretty}");
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(&compact), value(&pretty));
    let (status, out, err) = folder.run(&["adapt", "--config", "bad"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains("error[E0201]"), "{err}");
}

#[test]
fn envfiles_add_to_the_environment() {
    let text = "example.com {\n\trespond \"{$A} {$B} {$C}\"\n}\n";
    let folder = Folder::with(&[
        ("Caddyfile", text),
        ("one", "A=file\nexport B=\"from one\" \n"),
        ("two", "B=two\nC=two # a comment\n"),
        ("broken", "A=1\nPASSWORD is secret\n"),
    ]);
    let args = ["adapt", "--envfile", "one", "--envfile", "two"];
    let (status, out, _) = finished(folder.command(&args).env("A", "process").output().unwrap());
    assert_eq!(status, 0);
    assert!(out.contains("\"process from one two\""), "{out}");
    assert!(folder.run(&["adapt", "--envfile", "one,two"]).1.contains("\"file from one two\""));
    let (status, out, err) = folder.run(&["adapt", "--envfile", "broken"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.starts_with("error: broken:2: a line without `=`\nhelp: "), "{err}");
    assert!(!err.contains("secret"), "{err}");
    assert_eq!(folder.run(&["adapt", "--envfile", "missing"]).0, 2);
}

#[test]
fn files_that_cannot_be_read_are_the_worlds_fault() {
    let folder = Folder::with(&[("sub/x", "")]);
    for args in [["adapt", "--config", "nowhere"], ["validate", "--config", "nowhere"]] {
        let (status, out, err) = folder.run(&args);
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}");
        assert!(err.starts_with("error: cannot read nowhere: no such file\nhelp: "), "{err}");
    }
    let (status, _, err) = folder.run(&["adapt"]);
    assert_eq!(status, 2);
    assert!(err.starts_with("error: cannot read Caddyfile: no such file\n"), "{err}");
    let (status, _, err) = folder.run(&["adapt", "--config", "sub"]);
    assert_eq!(status, 2);
    assert!(err.starts_with("error: cannot read sub: it is a folder\n"), "{err}");
}

#[test]
fn a_file_without_the_right_to_read_it() {
    let folder = Folder::with(&[("Caddyfile", GOOD)]);
    fs::set_permissions(folder.path("Caddyfile"), fs::Permissions::from_mode(0o000)).unwrap();
    let (status, out, err) = finished(patiently(&mut unprivileged(&folder, &["validate"])));
    assert_eq!((status, out.as_str()), (2, ""), "{err}");
    assert!(err.starts_with("error: cannot read Caddyfile: permission denied\nhelp: "), "{err}");
}

/// The program as somebody who is not root: root may read everything.
fn unprivileged(folder: &Folder, args: &[&str]) -> Command {
    let mut command = folder.command(args);
    if is_root() {
        // The program itself may lie where only root gets at it.
        fs::set_permissions(folder.path("."), fs::Permissions::from_mode(0o755)).unwrap();
        fs::copy(PROGRAM, folder.path("program")).unwrap();
        command = Command::new(folder.path("program"));
        command.args(args).current_dir(&folder.0).env_clear().uid(65534).gid(65534);
    }
    command
}

/// Runs a program that was just copied: while another test's child is being started, the copy may still be open for
/// writing there, and Linux then refuses to run it.
fn patiently(command: &mut Command) -> Output {
    for _ in 0..500 {
        match command.output() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => sleep(Duration::from_millis(10)),
            other => return other.unwrap(),
        }
    }
    panic!("the copied program stays busy");
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    let folder = Folder::with(&[("Caddyfile", GOOD), ("bad", BAD)]);
    let runs: [(&[&str], i32); 4] =
        [(&["adapt"], 0), (&["completions", "bash"], 0), (&["validate", "bad"], 1), (&["--help"], 0)];
    for (args, expected) in runs {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = folder.command(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(expected), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[test]
fn output_that_cannot_be_written_is_the_worlds_fault() {
    let folder = Folder::with(&[("Caddyfile", GOOD)]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (status, _, err) = finished(folder.command(&["adapt"]).stdout(full).output().unwrap());
    assert_eq!(status, 2);
    assert!(err.starts_with("error: cannot write to standard output: "), "{err}");
}

#[test]
fn colours_come_only_when_wanted() {
    let folder = Folder::with(&[("Caddyfile", BAD)]);
    let is_coloured = |args: &[&str], env: &[(&str, &str)]| {
        let output = folder.command(args).envs(env.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!is_coloured(&["validate"], &[]));
    assert!(is_coloured(&["validate", "--color", "always"], &[]));
    assert!(is_coloured(&["--color=always", "validate"], &[("NO_COLOR", "1")]));
    assert!(is_coloured(&["validate"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&["validate"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!is_coloured(&["validate", "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    let (_, _, err) = folder.run(&["--color", "always", "adapt", "--config", "nowhere"]);
    assert!(err.starts_with("\u{1b}["), "{err}");
}

#[test]
fn explain_knows_every_code_by_number_and_by_name() {
    let folder = Folder::with(&[]);
    let (status, list, _) = folder.run(&["explain"]);
    assert_eq!(status, 0);
    assert_eq!(list.lines().count(), Code::ALL.len() + caddyctl_analysis::lint::all().count());
    for line in list.lines() {
        let mut words = line.split_whitespace();
        let (id, name) = (words.next().unwrap(), words.next().unwrap());
        let (status, page, _) = folder.run(&["explain", &id.to_lowercase()]);
        assert_eq!(status, 0);
        assert!(page.starts_with(&format!("# {id}: {name}\n\n")), "{page}");
        for part in ["## Why\n", "## Right\n", "## When it is fine\n", "https://caddyserver.com/docs/"] {
            assert!(page.contains(part), "{id}: no {part}");
        }
        // Where the name is a directive's too (`tls`), its page stands before.
        assert!(folder.run(&["explain", name]).1.ends_with(&page), "{name}");
    }
    let (status, page, _) = folder.run(&["explain", "lb_policy"]);
    assert_eq!(status, 0);
    assert!(page.starts_with("# lb_policy: subdirective\n") && page.contains("`reverse_proxy`"), "{page}");
    let (status, _, err) = folder.run(&["explain", "redri"]);
    assert_eq!(status, 2);
    assert!(err.contains("did you mean `redir`?"), "{err}");
}

#[test]
fn the_same_input_gives_the_same_output() {
    let folder = Folder::with(&[("a/Caddyfile", BAD), ("b/Caddyfile", BAD), ("c/Caddyfile", UNFORMATTED)]);
    for format in ["full", "json", "sarif", "github"] {
        let args = ["validate", "--format", format, "."];
        assert_eq!(folder.run(&args), folder.run(&args), "{format}");
    }
}

#[test]
fn validate_writes_nothing() {
    let log = "example.com {\n\tlog {\n\t\toutput file access.log\n\t}\n\trespond \"hello\"\n}\n";
    let folder = Folder::with(&[("Caddyfile", log)]);
    folder.run(&["validate"]);
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["Caddyfile"]);
    assert_eq!(fs::read_to_string(Path::new(&folder.path("Caddyfile"))).unwrap(), log);
}

#[test]
fn what_only_provisioning_would_find_is_found() {
    let folder = Folder::with(&[
        ("range", "example.com {\n\t@lan remote_ip 192.168.0.0/33\n\trespond @lan \"hello\"\n}\n"),
        ("machine", "example.com {\n\ttls missing.pem missing.key\n\trespond \"hello\"\n}\n"),
    ]);
    let (status, out, _) = folder.run(&["validate", "--format", "concise", "range"]);
    assert_eq!(status, 1);
    assert!(out.contains("error[E0603]") && out.starts_with("range:"), "{out}");
    // Only with --check-files does the machine matter.
    assert_eq!(folder.run(&["validate", "machine"]).0, 0);
    let (status, out, _) = folder.run(&["validate", "--check-files", "--format", "concise", "machine"]);
    assert_eq!(status, 1);
    assert!(out.contains("error[E0604]"), "{out}");
    // `adapt` prints what it compiled, as Caddy does, and fails when asked to validate.
    let (status, json, _) = folder.run(&["adapt", "--config", "range"]);
    assert_eq!(status, 0);
    let (status, out, err) = folder.run(&["adapt", "--validate", "--config", "range"]);
    assert_eq!((status, out), (1, json));
    assert!(err.contains("error[E0603]"), "{err}");
}
