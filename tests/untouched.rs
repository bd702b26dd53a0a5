//! `caddyctl validate` looks and does not touch: under strace it opens nothing for writing and no socket, makes, moves
//! and removes nothing. The real `caddy validate` opens the log files that a configuration names.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// Calls that change something wherever they appear.
const CHANGING: [&str; 27] = [
    "creat",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "rmdir",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "truncate",
    "ftruncate",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "lchown",
    "fchown",
    "fchownat",
    "socket",
    "connect",
    "bind",
];

fn has_strace() -> bool {
    let there =
        Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    if !there {
        let _ = writeln!(
            io::stderr(),
            "left out: what validate touches, without strace (Debian: apt-get install strace)"
        );
    }
    there
}

/// The calls of `caddyctl` with `arguments` in `folder` that change something.
fn changes(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("strace");
    let calls = format!("open,openat,openat2,{}", CHANGING.join(","));
    let status = Command::new("strace")
        .args(["--follow-forks", "--seccomp-bpf", "--quiet=all", "--string-limit=200", "--trace", &calls])
        .arg("--output")
        .arg(&log)
        .arg(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{arguments:?}: {status}");
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.contains("open"), "strace saw nothing:\n{log}");
    log.lines().filter(|line| is_change(line)).map(str::to_owned).collect()
}

/// Whether a line of strace (`PID call(arguments) = result`) is of a call that changes something.
fn is_change(line: &str) -> bool {
    let call = line.split_once(' ').map_or(line, |(_, rest)| rest.trim_start());
    let name = call.split('(').next().unwrap_or_default();
    if name.starts_with("open") {
        return ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag));
    }
    CHANGING.contains(&name)
}

/// The folders of Caddyfiles to look at: our own, and those next to the checkout.
fn corpora() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = ["tests/adapt", "tests/lint", "tests/errors", "examples"];
    let shared = ["../shared/conformance", "../shared/realworld"];
    let all = own.iter().chain(&shared).map(|folder| root.join(folder));
    all.filter(|folder| {
        let there = folder.is_dir();
        if !there {
            let _ = writeln!(io::stderr(), "left out: there is no {}", folder.display());
        }
        there
    })
    .collect()
}

#[test]
fn validate_changes_nothing() {
    if !has_strace() {
        return;
    }
    for folder in corpora() {
        for arguments in [&["validate", "."][..], &["validate", "--check-files", "."]] {
            let changes = changes(&folder, arguments);
            assert!(changes.is_empty(), "{arguments:?} in {}:\n{}", folder.display(), changes.join("\n"));
        }
    }
}

#[test]
fn a_log_that_a_site_names_stays_unopened() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let site =
        "a.test {\n\tlog {\n\t\toutput file access.log\n\t}\n\ttls cert.pem key.pem\n\trespond ok\n}\n";
    fs::write(folder.path().join("Caddyfile"), site).unwrap();
    assert_eq!(changes(folder.path(), &["validate", "--check-files"]), [""; 0]);
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["Caddyfile"]);
}

#[test]
fn strace_would_show() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), "a.test {\nrespond ok\n}\n").unwrap();
    let changes = changes(folder.path(), &["fmt", "--overwrite", "Caddyfile"]);
    assert!(changes.iter().any(|line| line.contains("rename")), "{changes:?}");
    assert!(changes.iter().any(|line| line.contains("O_TMPFILE")), "{changes:?}");
}
