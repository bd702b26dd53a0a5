//! The version of the host's Caddy: its reading of the Caddyfile counts, and another one than last time is reported.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::deploy::bench::{ANSWER, Bench, err, out};
use crate::support::backend::get;
use crate::support::caddy::binary;

/// A program that says it is Caddy `version`, and answers everything else with `script`; `$CADDY` is the real one.
fn program(bench: &Bench, version: &str, script: &str) -> String {
    let path = bench.folder.path().join("fake-caddy");
    let text = format!(
        "#!/bin/sh\nCADDY={}\n[ \"$1\" = version ] && exec echo 'v{version} h1:x'\n{script}\n",
        binary().display()
    );
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

const REAL: &str = "exec $CADDY \"$@\"";
const REFUSES: &str = "echo 'Error: unrecognized directive: log_append' >&2; exit 1";

fn settings(bench: &Bench, version: &str) {
    let text = format!("[caddy]\nversion = \"{version}\"\n");
    std::fs::write(bench.folder.path().join("repo/caddyctl.toml"), text).unwrap();
}

#[test]
fn the_version_of_the_hosts_caddy_counts() {
    let bench = Bench::new();
    bench.write("import answer\n\tlog_append a b", ANSWER);
    let caddy = program(&bench, "2.6.2", REFUSES);
    for compiler in ["both", "caddyctl"] {
        let refused = bench.deploy(&["--caddy", &caddy, "--compiler", compiler]);
        assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
        assert!(
            err(&refused).contains("error[E0207]: Caddy 2.6.2 has no directive `log_append`"),
            "{}",
            err(&refused)
        );
    }
    assert_eq!(bench.installed(), "");
    let caddy = program(&bench, "2.8.4", REFUSES);
    let done = bench.deploy(&["--caddy", &caddy, "--compiler", "caddyctl"]);
    assert!(done.status.success(), "{}", err(&done));
    // What is installed is read in the same way.
    let status = bench.run(&["status", "--caddy", &caddy, "--compiler", "caddyctl"]);
    assert!(status.status.success(), "{}", out(&status));
    assert!(out(&status).contains("caddy        2.8.4\n"), "{}", out(&status));
    let caddy = program(&bench, "2.6.2", REFUSES);
    let status = bench.run(&["status", "--caddy", &caddy, "--compiler", "caddyctl"]);
    assert_eq!(status.status.code(), Some(1));
    assert!(out(&status).contains("Caddy 2.6.2 has no directive `log_append`"), "{}", out(&status));
}

/// A body that is too large is refused before it is read from Caddy 2.11.8 on, and while it is read before that.
#[test]
fn checks_are_run_through_the_model_of_the_hosts_version() {
    let bench = Bench::new();
    bench.write("request_body {\n\t\tmax_size 2\n\t}\n\trespond read", ANSWER);
    let check = format!(
        "[[check]]\nurl = \"http://127.0.0.1:{}/\"\nmethod = \"POST\"\nbody = \"abc\"\nstatus = 200\n",
        bench.port
    );
    std::fs::write(bench.folder.path().join("repo/checks.toml"), check).unwrap();
    let newer = program(&bench, "2.11.8", REAL);
    let refused = bench.deploy(&["--caddy", &newer]);
    assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
    assert!(
        err(&refused).contains("a check fails offline") && err(&refused).contains("413"),
        "{}",
        err(&refused)
    );
    let done = bench.deploy(&["--caddy", binary().to_str().unwrap()]);
    assert!(done.status.success(), "{}", err(&done));
}

#[test]
fn another_version_is_an_error_that_names_both() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    let caddy = program(&bench, "2.11.4", REAL);
    settings(&bench, "2.10.2");
    let refused = bench.deploy(&["--caddy", &caddy]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    let words = err(&refused);
    assert!(words.contains("repo/caddyctl.toml names Caddy 2.10.2, but "), "{words}");
    assert!(
        words.contains("fake-caddy is Caddy 2.11.4\n") && words.contains("nothing was changed"),
        "{words}"
    );
    for command in [&["deploy", "repo/Caddyfile"][..], &["status"]] {
        let refused = bench.run(&[command, &["--caddy", &caddy, "--for", "2.8.4"]].concat());
        assert_eq!(refused.status.code(), Some(2), "{command:?}: {}", err(&refused));
        let words = err(&refused);
        assert!(
            words.contains("--for names Caddy 2.8.4, but ") && words.contains(" is Caddy 2.11.4"),
            "{words}"
        );
    }
    let archive = bench.folder.path().join("repo.tar");
    let mut tar = std::process::Command::new("tar");
    let tar = tar.arg("-cf").arg(&archive).arg("-C").arg(bench.folder.path().join("repo")).arg(".");
    assert!(tar.status().unwrap().success());
    let refused = bench.run(&["deploy", "--from", "repo.tar", "--no-drop-in", "--caddy", &caddy]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert!(err(&refused).contains("caddyctl.toml names Caddy 2.10.2"), "{}", err(&refused));
    let unknown = bench.deploy(&["--caddy", &caddy, "--for", "2.11.6"]);
    assert!(err(&unknown).contains("2.11.4, 2.11.7, 2.11.8, 2.11.9"), "{}", err(&unknown));
    assert_eq!(bench.installed(), "");
    settings(&bench, "2.11.4");
    let done = bench.deploy(&["--caddy", &caddy, "--for", "2.11.4"]);
    assert!(done.status.success(), "{}", err(&done));
    // The settings of the source change later.
    settings(&bench, "2.10.2");
    let status = bench.run(&["status", "--caddy", &caddy]);
    assert_eq!(status.status.code(), Some(1), "{}", out(&status));
    assert!(out(&status).contains("names Caddy 2.10.2, but "), "{}", out(&status));
}

#[test]
fn a_version_that_is_not_known_reads_the_file_itself() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    let other = "$CADDY \"$@\" | sed 's/\"hi\"/\"HO\"/'";
    let caddy = program(&bench, "2.99.0", other);
    let done = bench.deploy(&["--caddy", &caddy]);
    assert!(done.status.success(), "{}", err(&done));
    let note = "fake-caddy is Caddy 2.99.0, a version that caddyctl does not know, so its own reading of the Caddyfile counts";
    assert!(err(&done).contains(note), "{}", err(&done));
    assert_eq!(get(bench.port, "/").unwrap(), "HO");
    let status = bench.run(&["status", "--caddy", &caddy, "--format", "json"]);
    let seen: Value = serde_json::from_str(&out(&status)).unwrap();
    assert_eq!((&seen["caddy"]["version"], &seen["caddy"]["known"]), (&"2.99.0".into(), &false.into()));
    let status = bench.run(&["status", "--caddy", &caddy]);
    assert!(status.status.success(), "{}", out(&status));
    assert!(out(&status).contains("2.99.0, which caddyctl does not know"), "{}", out(&status));
    // Without its reading, nobody knows what the file means.
    bench.write("import answer\n\theader X y", ANSWER);
    let before = bench.installed();
    let caddy = program(&bench, "2.99.0", "kill -9 $$");
    let refused = bench.deploy(&["--caddy", &caddy]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert_eq!((bench.installed(), get(bench.port, "/").unwrap()), (before, "HO".to_owned()));
}

#[test]
fn another_version_than_last_time_is_reported_before_anything_changes() {
    let bench = Bench::new();
    let lines = "handle /api/* {\n\t\treverse_proxy https://127.0.0.1:1\n\t}\n\timport answer";
    bench.write(lines, ANSWER);
    let old = program(&bench, "2.10.2", REAL);
    let done = bench.deploy(&["--caddy", &old]);
    assert!(done.status.success() && !err(&done).contains("the last deployment"), "{}", err(&done));
    let new = program(&bench, "2.11.4", REAL);
    let title = "Caddy 2.10.2 to 2.11.4: repo/Caddyfile\n";
    let change = "A TLS upstream gets its own address as Host";
    let planned = bench.deploy(&["--caddy", &new, "--dry-run", "--format", "json"]);
    let line: Value = serde_json::from_str(out(&planned).lines().last().unwrap()).unwrap();
    assert_eq!(line["upgrade"]["from"], "2.10.2", "{line}");
    let planned = bench.deploy(&["--caddy", &new, "--dry-run"]);
    assert!(err(&planned).contains(title), "{}", err(&planned));
    bench.write(lines, &ANSWER.replace("hi", "ho"));
    let done = bench.deploy(&["--caddy", &new]);
    assert!(done.status.success(), "{}", err(&done));
    for said in [&planned, &done] {
        assert!(err(said).contains(title) && err(said).contains(change), "{}", err(said));
    }
    assert!(err(&done).contains("The JSON is the same"), "{}", err(&done));
    let again = bench.deploy(&["--caddy", &new]);
    assert!(!err(&again).contains("the last deployment"), "{}", err(&again));
    // Where nothing else changes, it is said once.
    let newer = program(&bench, "2.11.7", REAL);
    let same = bench.deploy(&["--caddy", &newer]);
    assert!(err(&same).contains("Caddy 2.11.4 to 2.11.7"), "{}", err(&same));
    assert!(out(&same).contains("nothing to do"), "{}", out(&same));
    let again = bench.deploy(&["--caddy", &newer]);
    assert!(!err(&again).contains("the last deployment"), "{}", err(&again));
    let unknown = program(&bench, "2.99.0", REAL);
    let noted = bench.deploy(&["--caddy", &unknown, "--dry-run"]);
    assert!(
        err(&noted).contains("the last deployment was for Caddy 2.11.7, and this one is for Caddy 2.99.0"),
        "{}",
        err(&noted)
    );
}
