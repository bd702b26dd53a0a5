//! How files are changed, under strace.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::Scene;
use crate::deploy::bench::{err, out};

/// The calls of a deploy and of all that follows it, which change something below the root.
fn changes(scene: &Scene, words: &[&str]) -> Vec<String> {
    let log = scene.path("strace");
    let calls = "trace=openat,open,creat,mkdir,mkdirat,rmdir,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,\
                 symlinkat,chmod,fchmod,fchmodat,chown,lchown,fchown,fchownat,truncate";
    let ran = Command::new("strace")
        .args([
            "--follow-forks",
            "--quiet=all",
            "--decode-fds=path",
            "--string-limit=300",
            "-e",
            calls,
            "--output",
        ])
        .arg(&log)
        .args(["sh", "-c", "umask 000; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_caddyctl"))
        .args(words)
        .args(["--root", "root"])
        .current_dir(scene.folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{words:?}: {}{}", out(&ran), err(&ran));
    let log = fs::read_to_string(log).unwrap();
    let is_change = |line: &&str| {
        let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        !call.starts_with("open") || ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| call.contains(flag))
    };
    let here = scene.path("root").canonicalize().unwrap();
    let is_below = |line: &&str| {
        (line.contains(here.to_str().unwrap()) || line.contains("caddyctl-ask-")) && !line.contains("/dev/")
    };
    log.lines().filter(is_change).filter(is_below).map(str::to_owned).collect()
}

/// A race is not won by luck where every call works on a descriptor and follows no link.
#[test]
fn every_change_is_made_through_a_descriptor() {
    let Some(scene) = Scene::new("every_change_is_made_through_a_descriptor") else { return };
    if !Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success()) {
        let _ =
            writeln!(std::io::stderr(), "NOT RUN: every_change_is_made_through_a_descriptor needs strace");
        return;
    }
    let caddy = crate::support::caddy::binary();
    let caddy = caddy.to_str().unwrap();
    let first = changes(&scene, &["deploy", "repo/Caddyfile", "--caddy", caddy]);
    fs::write(scene.path("repo/Caddyfile"), "import sites/*\n\n:81 {\n\timport answer\n}\n").unwrap();
    fs::write(scene.path("repo/sites/one"), "(answer) {\n\trespond ho\n}\n").unwrap();
    let second = changes(&scene, &["deploy", "repo/Caddyfile", "--caddy", caddy]);
    let gone = changes(&scene, &["uninstall"]);
    assert!(first.len() > 20 && second.len() > 20 && gone.len() > 2, "strace saw too little");
    for line in first.iter().chain(&second).chain(&gone) {
        let call = line.split_once(' ').unwrap().1.trim_start();
        let (name, arguments) = call.split_once('(').unwrap();
        match name {
            "mkdirat" => assert!(call.contains(", 0700)"), "{line}"),
            "openat" if call.contains("O_CREAT") => {
                let is_new = call.contains("O_EXCL") || call.contains("\"lock\"");
                assert!(is_new && call.contains("O_NOFOLLOW") && call.contains(", 0600)"), "{line}");
            }
            "openat" => assert!(call.contains("O_NOFOLLOW"), "{line}"),
            "fchmod" | "fchown" | "renameat" | "unlinkat" => {}
            _ => panic!("a call with a path: {line}"),
        }
        assert!(!arguments.contains("AT_FDCWD"), "{line}");
        let names = arguments.split('"').skip(1).step_by(2);
        assert!(names.into_iter().all(|name| !name.contains('/')), "{line}");
    }
}
