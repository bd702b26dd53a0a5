//! A folder whose files are made to do harm: settings that hide findings or lead to secret files, FIFOs and devices where
//! files are read, and texts that name programs. Under strace nothing runs but the program itself and git, nothing is
//! opened for writing, and no network is used.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use trace::{has_strace, misdeeds, traced};

mod editor;
mod settings;
mod trace;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// Each command takes at most this long, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A finding of a rule for security (S), and one of another.
const SITE: &str = "a.test {\n\tlog {\n\t\toutput stdout\n\t}\n\thandle / {\n\t\trespond ok\n\t}\n\theader {\n\t\tAccess-Control-Allow-Origin *\n\t\tAccess-Control-Allow-Credentials true\n\t}\n}\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        write(&folder, name, text);
    }
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Ends within [`PATIENCE`], or the test fails.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Output {
    let begin = Instant::now();
    let output = Command::new("timeout")
        .args(["--signal=KILL", "60", program])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(begin.elapsed() < PATIENCE, "{arguments:?} took {:?}", begin.elapsed());
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Files that the command line names may be what the shell has opened; all others must be regular.
#[test]
fn special_files_are_refused_and_what_is_open_already_is_read() {
    let folder = folder(&[("Caddyfile", SITE), ("env", "A=1\n")]);
    let here = folder.path();
    fifo(&here.join("fifo"));
    symlink("/dev/zero", here.join("zero")).unwrap();
    let fine = "a.test {\\n\\trespond ok\\n}\\n";
    for command in ["validate", "adapt --config", "fmt", "routes"] {
        for script in [
            format!("{PROGRAM} {command} <(printf '{fine}')"),
            format!("printf '{fine}' | {PROGRAM} {command} /dev/stdin"),
            format!("printf '{fine}' | {PROGRAM} {command} /proc/self/fd/0"),
            format!("{PROGRAM} {command} /dev/fd/7 7< <(printf '{fine}')"),
            format!("{PROGRAM} {command} - < <(printf '{fine}')"),
        ] {
            let output = run("bash", &["-c", &script], here);
            assert_eq!(output.status.code(), Some(0), "{script}: {}", text(&output.stderr));
        }
        for path in ["fifo", "zero", "/dev/zero", "/dev/tty"] {
            let words: Vec<&str> = command.split(' ').chain([path]).collect();
            let output = run(PROGRAM, &words, here);
            assert_eq!(output.status.code(), Some(2), "{words:?}");
            assert!(
                text(&output.stderr).contains("not a regular file"),
                "{words:?}: {}",
                text(&output.stderr)
            );
        }
    }
    let script = format!("{PROGRAM} diff <(printf '{fine}') <(printf '{fine}') --envfile <(echo A=2)");
    let output = run("bash", &["-c", &script], here);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for arguments in [
        &["validate", "--envfile", "fifo"][..],
        &["validate", "--env-set", "x=zero"],
        &["adapt", "--envfile", "/dev/zero"],
        &["diff", "Caddyfile", "fifo"],
        &["verify", "--checks", "fifo"],
        &["verify", "--checks", "zero"],
    ] {
        let output = run(PROGRAM, arguments, here);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("it is not a regular file"), "{}", text(&output.stderr));
    }
    // What is read from standard input has an end.
    let output = run("bash", &["-c", &format!("{PROGRAM} validate - < /dev/zero")], here);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("it is larger than "), "{}", text(&output.stderr));
}

/// Checks may be a link to a secret file, too.
#[test]
fn checks_quote_nothing() {
    let folder = folder(&[("secret", "root:TOPSECRET:1\n")]);
    symlink("secret", folder.path().join("checks.toml")).unwrap();
    let output = run(PROGRAM, &["verify"], folder.path());
    let printed = text(&output.stderr);
    assert!(
        output.status.code() == Some(2)
            && printed.contains("checks.toml: ")
            && !printed.contains("TOPSECRET"),
        "{printed}"
    );
    assert!(printed.contains("line 1, column "), "{printed}");
}

/// A folder with programs in every place where a file could name one, and with special files wherever one is read.
fn hostile() -> TempDir {
    let folder = folder(&[
        ("work/checks.toml", "[[check]]\nurl = \"http://127.0.0.1:9/\"\n"),
        ("work/.env", "LD_PRELOAD=./evil.so\nPATH=.\n"),
        ("work/caddyctl.toml", "[lint]\nignore = [\"S\"]\nselect = []\n"),
        ("work/systemd/caddy.service.d/override.conf", "[Service]\nExecStart=/bin/sh evil\n"),
        ("work/.vscode/settings.json", "{\"caddyctl.path\": \"./evil\"}\n"),
    ]);
    let work = folder.path().join("work");
    for name in ["evil", "git", "caddy", "systemctl", "bin/git", "pager"] {
        write(&folder, &format!("work/{name}"), "#!/bin/sh\ntouch /tmp/caddyctl-was-here\n");
        fs::set_permissions(work.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let site = format!(
        "{{\n\tadmin unix//{0}/socket\n\tevents {{\n\t\ton started exec ./evil\n\t}}\n\tstorage file_system {0}\n}}\n\
         import fifo\nimport zero\nimport /dev/zero\nimport loop/*\n{SITE}\
         b.test {{\n\timport fifo\n\timport /proc/self/environ\n\ttls fifo zero\n\troot * ./\n\ttemplates\n\
         \tlog {{\n\t\toutput file {0}/access.log\n\t}}\n\treverse_proxy 127.0.0.1:9 unix//{0}/socket\n\
         \tforward_auth 127.0.0.1:9 {{\n\t\turi /x\n\t}}\n}}\n",
        work.display()
    );
    write(&folder, "work/Caddyfile", &site);
    write(&folder, "work/plain/Caddyfile", SITE);
    fifo(&work.join("fifo"));
    fifo(&work.join("b.caddyfile"));
    symlink("/dev/zero", work.join("zero")).unwrap();
    symlink("/dev/zero", work.join("c.caddyfile")).unwrap();
    symlink("..", work.join("loop")).unwrap();
    let git = |arguments: &[&str]| {
        let all = [&["-c", "user.name=T", "-c", "user.email=t@a.test"], arguments].concat();
        let output = run("git", &all, &work);
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "Caddyfile", "plain", "caddyctl.toml", "zero"]);
    git(&["commit", "--quiet", "-m", "x"]);
    let hostile =
        "[core]\n\tfsmonitor = ./evil\n\tpager = ./evil\n\thooksPath = .\n[alias]\n\tls-tree = !./evil\n";
    let own = fs::read_to_string(work.join(".git/config")).unwrap();
    fs::write(work.join(".git/config"), own + hostile).unwrap();
    write(&folder, "work/plain/Caddyfile", &SITE.replace("respond ok", "respond other"));
    folder
}

#[test]
fn commands_run_nothing_but_git_and_write_nothing() {
    if !has_strace() {
        return;
    }
    let folder = hostile();
    let work = folder.path().join("work");
    let log = folder.path().join("strace");
    for arguments in [
        &["validate"][..],
        &["validate", "."],
        &["validate", "--check-files", "--format", "sarif"],
        &["validate", "--envfile", ".env", "--env-set", "x=.env"],
        &["validate", "--fix", "--diff", "--isolated"],
        &["adapt"],
        &["adapt", "--validate"],
        &["fmt"],
        &["fmt", "--check", "."],
        &["fmt", "--diff", "."],
        &["routes"],
        &["routes", "--format", "html", "plain/Caddyfile"],
        &["diff", "Caddyfile", "plain/Caddyfile"],
        &["diff", "--against", "HEAD"],
        &["diff", "--against", "HEAD", "plain/Caddyfile", "--format", "markdown"],
        &["explain", "reverse_proxy"],
    ] {
        let begin = Instant::now();
        let output = traced(&log, arguments, &work).stdin(Stdio::null()).output().unwrap();
        assert!(begin.elapsed() < PATIENCE, "{arguments:?}");
        assert!(output.status.code().is_some_and(|code| code <= 2), "{arguments:?}: {output:?}");
        let misdeeds = misdeeds(&log);
        assert!(misdeeds.is_empty(), "{arguments:?}:\n{}", misdeeds.join("\n"));
    }
    let output = traced(&log, &["diff", "--against", "HEAD", "plain/Caddyfile"], &work).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("respond ok -> other"), "{}", text(&output.stdout));
    assert!(!Path::new("/tmp/caddyctl-was-here").exists());
}
