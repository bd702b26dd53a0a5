//! The Caddy of the host is asked too. It is the real one; scripts around it put faults in.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::deploy::bench::{ANSWER, Bench, err, out};
use crate::support::backend::get;
use crate::support::caddy::binary;

/// A program that gets the arguments of `caddy`; `$CADDY` is the real one.
fn program(bench: &Bench, script: &str) -> String {
    let path = bench.folder.path().join("fake-caddy");
    let text = format!("#!/bin/sh\nCADDY={}\n{script}\n", binary().display());
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn deploy(bench: &Bench, script: &str, more: &[&str]) -> Output {
    bench.deploy(&[&["--caddy", &program(bench, script)], more].concat())
}

/// Says `HO` where the other says `hi`.
const OTHER: &str = "[ $1 = version ] && exec echo v9.9.9\n$CADDY \"$@\" | sed 's/\"hi\"/\"HO\"/'";

#[test]
fn where_caddy_reads_it_in_another_way_its_own_reading_is_loaded() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    let done = deploy(&bench, OTHER, &[]);
    assert!(done.status.success(), "{}", err(&done));
    let printed = err(&done);
    assert!(
        printed.contains("fake-caddy (9.9.9) compiles this file differently; its result is loaded."),
        "{printed}"
    );
    let point = "  repo/sites/one:2:2  /apps/http/servers/srv0/routes/0/handle/0/routes/0/handle/0/body: caddy has another value\n";
    assert!(printed.contains(point), "{printed}");
    assert_eq!(get(bench.port, "/").unwrap(), "HO");
    let again = deploy(&bench, OTHER, &[]);
    assert_eq!(out(&again), "nothing to do: everything is up to date\n", "{}", err(&again));
    let program = program(&bench, OTHER);
    let status = bench.run(&["status", "--caddy", &program]);
    assert!(status.status.success(), "{}", out(&status));
    let ours = deploy(&bench, OTHER, &["--compiler", "caddyctl"]);
    assert!(ours.status.success() && !err(&ours).contains("fake-caddy"), "{}", err(&ours));
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
    // A crash is recovered from with the same reading.
    bench.write("import answer", &ANSWER.replace("\"hi\"", "\"hi\" 201"));
    let mut command = bench.command(&["deploy", "repo/Caddyfile", "--no-drop-in", "--caddy", &program]);
    assert_eq!(command.env("CADDYCTL_FAULT", "loaded").output().unwrap().status.code(), None);
    assert_eq!(get(bench.port, "/").unwrap(), "HO");
    let recovered = bench.run(&["recover", "--caddy", &program, "--compiler", "caddyctl"]);
    assert!(recovered.status.success(), "{}", err(&recovered));
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
}

#[test]
fn the_same_in_other_words_is_the_same() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    let text = std::fs::read_to_string(bench.folder.path().join("repo/Caddyfile")).unwrap();
    // Imports by the path of the host; `hide` of a file server names the Caddyfile.
    let text = text
        .replace("import sites/*", "import /etc/caddy/sites/*")
        .replace("import answer", "import answer\n\tfile_server");
    std::fs::write(bench.folder.path().join("repo/Caddyfile"), text).unwrap();
    let done = deploy(&bench, "exec $CADDY \"$@\"", &["--compiler", "caddy"]);
    assert!(done.status.success(), "{}", err(&done));
    assert!(!err(&done).contains("reads this file"), "{}", err(&done));
    let running = bench.caddy.running();
    assert!(running.to_string().contains("/etc/caddy/Caddyfile"), "{running}");
    assert!(!running.to_string().contains("caddyctl"), "{running}");
}

#[test]
fn a_directive_that_only_caddy_knows() {
    let bench = Bench::new();
    bench.write("frobnicate\n\timport answer", ANSWER);
    let refused = deploy(&bench, "exec $CADDY \"$@\"", &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("unknown directive `frobnicate`"), "{}", err(&refused));
    // A plugin: the others read the rest.
    let plugin = "[ $1 = version ] && exec echo v2.11.7\nsed -i '/frobnicate/d' \"$3\"; exec $CADDY \"$@\"";
    let done = deploy(&bench, plugin, &[]);
    assert!(done.status.success(), "{}", err(&done));
    assert!(
        err(&done).contains("accepts this file, and caddyctl does not; Caddy's result is loaded"),
        "{}",
        err(&done)
    );
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
    assert!(bench.installed().contains("frobnicate"));
}

#[test]
fn a_refusal_of_caddy_stands_at_its_line() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    let before = bench.caddy.running();
    let refuses = "echo \"Error: adapting config using caddyfile: $(dirname $3)/sites/one:2: unrecognized directive: respond\" >&2; exit 1";
    let refused = deploy(&bench, refuses, &["--format", "json"]);
    assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
    let printed = err(&refused);
    assert!(printed.contains("the host's Caddy refuses it: unrecognized directive: respond"), "{printed}");
    assert!(printed.contains("repo/sites/one:2:2\n"), "{printed}");
    let line: Value = serde_json::from_str(out(&refused).lines().last().unwrap()).unwrap();
    assert_eq!(
        (&line["changed"], &line["failed"], &line["phase"]),
        (&false.into(), &true.into(), &"check".into())
    );
    assert_eq!((bench.installed(), bench.caddy.running()), (String::new(), before));
}

#[test]
fn a_caddy_that_cannot_be_asked() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    for (number, script) in ["sleep 60", "echo not JSON", "kill -9 $$", "exit 1"].iter().enumerate() {
        bench.write("import answer", &ANSWER.replace("hi", &number.to_string()));
        let begun = Instant::now();
        let insisted = deploy(&bench, script, &["--compiler", "caddy", "--timeout", "2s"]);
        assert_eq!(insisted.status.code(), Some(2), "{script}: {}", err(&insisted));
        assert!(err(&insisted).contains("nothing was changed"), "{script}: {}", err(&insisted));
        let done = deploy(&bench, script, &["--timeout", "2s"]);
        assert!(done.status.success(), "{script}: {}", err(&done));
        assert!(err(&done).contains("note: cannot run the host's Caddy"), "{}", err(&done));
        assert_eq!(get(bench.port, "/").unwrap(), number.to_string());
        assert!(begun.elapsed() < Duration::from_secs(20), "{script}: {:?}", begun.elapsed());
    }
    let missing = bench.deploy(&["--caddy", "nowhere"]);
    assert_eq!(
        (missing.status.code(), err(&missing).as_str()),
        (Some(2), "error: program nowhere does not exist\n")
    );
    let none = bench.deploy(&["--compiler", "caddy"]);
    assert_eq!(none.status.code(), Some(2), "{}", err(&none));
    let left: Vec<PathBuf> = std::fs::read_dir("/run").unwrap().flatten().map(|entry| entry.path()).collect();
    let own = |path: &&PathBuf| path.to_string_lossy().contains("caddyctl-ask-");
    let dead = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        !Path::new("/proc").join(name.split('-').nth(2).unwrap_or_default()).exists()
    };
    assert_eq!(left.iter().filter(own).filter(dead).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
}

#[test]
fn each_file_is_compiled_and_asked_about_once() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    let log = bench.folder.path().join("asked");
    let counted = format!("echo $1 >>{}; exec $CADDY \"$@\"", log.display());
    let program = program(&bench, &counted);
    let deploy = || {
        let _ = std::fs::remove_file(&log);
        let words = ["deploy", "repo/Caddyfile", "--no-drop-in", "--caddy", &program];
        let done = bench.command(&words).env("CADDYCTL_COUNT", "1").output().unwrap();
        assert!(done.status.success(), "{}", err(&done));
        let asked = std::fs::read_to_string(&log).unwrap();
        let asked = asked.lines().filter(|word| *word == "adapt").count();
        (err(&done).lines().last().unwrap().to_owned(), asked)
    };
    deploy();
    // What is installed, and what is to be.
    bench.write("import answer\n\theader X y", ANSWER);
    assert_eq!(deploy(), ("compiled 2 times".to_owned(), 2));
    // Both are the same, and one answer is enough.
    assert_eq!(deploy(), ("compiled 2 times".to_owned(), 1));
    // Two files change: what stands for both meanwhile is compiled too.
    bench.write("import answer", &ANSWER.replace("hi", "ho"));
    assert_eq!(deploy(), ("compiled 3 times".to_owned(), 3));
}
