//! The program itself: what it prints, how it exits, and that it can be killed at any moment.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::deploy::bench::{ANSWER, Bench, err, out};
use crate::support::backend::{self, get};
use crate::support::server::free_port;

#[test]
fn deploy_again_change_and_roll_back() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    let dry = bench.deploy(&["--dry-run"]);
    assert!(
        out(&dry).contains("create  /etc/caddy/sites/one  ") && out(&dry).contains("load    the"),
        "{}",
        out(&dry)
    );
    assert_eq!(bench.installed(), "");
    let first = bench.deploy(&[]);
    assert!(first.status.success(), "{}", err(&first));
    assert!(out(&first).contains(" is in place\n"), "{}", out(&first));
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
    let again = bench.deploy(&[]);
    assert_eq!(out(&again), "nothing to do: everything is up to date\n");
    assert!(again.status.success());

    bench.write("import answer", &ANSWER.replace("hi", "ho"));
    let changed = bench.deploy(&["--format", "json"]);
    let line: Value = serde_json::from_str(&out(&changed)).unwrap();
    assert_eq!((&line["changed"], &line["phase"]), (&true.into(), &"commit".into()));
    let diff = line["diff"].as_str().unwrap();
    assert!(diff.contains("--- a/etc/caddy/sites/one") && diff.contains("+\trespond \"ho\""), "{diff}");
    assert_eq!(err(&changed), "");
    assert_eq!(get(bench.port, "/").unwrap(), "ho");

    let back = bench.run(&["rollback", "--no-drop-in"]);
    assert!(back.status.success(), "{}", err(&back));
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
    let history = out(&bench.run(&["history"]));
    assert_eq!(
        history.lines().map(|line| &line[..3]).collect::<Vec<_>>(),
        ["now", "  1", "  2"],
        "{history}"
    );
    let nowhere = bench.run(&["rollback", "7"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert_eq!(err(&nowhere), "error: no deployment 7 steps back\nhelp: `caddyctl history` lists them\n");
}

#[test]
fn the_real_sites_shape_serves_through_the_proxy() {
    let bench = Bench::new();
    let backend = backend::start();
    let proxy = "\theader_up Connection {http.request.header.Connection}\n\
                 \t\theader_up Upgrade {http.request.header.Upgrade}\n";
    bench.write(&format!("reverse_proxy localhost:{backend} {{\n\t{proxy}\t}}"), "");
    let done = bench.deploy(&[]);
    assert!(done.status.success(), "{}", err(&done));
    for path in ["/", "/api/build_info", "/api/modules_info", "/metrics"] {
        assert_eq!(get(bench.port, path).unwrap(), format!("GET {path}"));
    }
    for path in ["/api/chat", "/api/asr", "/api/tts_streaming"] {
        let stream = std::net::TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
        let (mut socket, response) =
            tungstenite::client(format!("ws://127.0.0.1:{}{path}", bench.port), stream).unwrap();
        assert_eq!(response.status(), 101);
        socket.send("hello".into()).unwrap();
        assert_eq!(socket.read().unwrap().to_text().unwrap(), "hello");
    }
}

#[test]
fn a_fault_in_the_caddyfile_is_shown_under_its_own_name() {
    let bench = Bench::new();
    bench.write("respnd hi", "");
    let fault = bench.deploy(&[]);
    assert_eq!(fault.status.code(), Some(1));
    assert!(err(&fault).contains(" repo/Caddyfile:9:2\n"), "{}", err(&fault));
    assert_eq!((out(&fault), bench.installed()), (String::new(), String::new()));
}

#[test]
fn caddys_refusal_is_shown_at_its_line() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    assert!(bench.deploy(&[]).status.success());
    let (before, running) = (bench.installed(), bench.caddy.running());
    // A port that is taken is something that only the running Caddy can find out.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = taken.local_addr().unwrap().port();
    bench.write(&format!("import answer\n}}\n\nhttp://127.0.0.1:{busy} {{\n\trespond no"), ANSWER);
    let refused = bench.deploy(&[]);
    assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
    let printed = err(&refused);
    assert!(
        printed.contains("address already in use") && printed.contains("the files are unchanged"),
        "{printed}"
    );
    assert_eq!((bench.installed(), bench.caddy.running()), (before, running));
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
}

#[test]
fn what_caddy_would_refuse_is_found_before_it_is_asked_and_after() {
    let bench = Bench::new();
    bench.write("uri path_regexp ( b", "");
    let before = bench.deploy(&[]);
    assert_eq!(before.status.code(), Some(1), "{}", err(&before));
    assert!(
        err(&before).contains(" repo/Caddyfile:9:18\n") && !err(&before).contains("load "),
        "{}",
        err(&before)
    );
    let asked = bench.deploy(&["--no-check"]);
    assert_eq!(asked.status.code(), Some(1), "{}", err(&asked));
    let printed = err(&asked);
    assert!(
        printed.contains("caddy refused it: compiling regular expression 0: error parsing regexp"),
        "{printed}"
    );
    assert!(
        printed.contains(" repo/Caddyfile:9:2\n") && printed.contains("the files are unchanged"),
        "{printed}"
    );
    assert_eq!(bench.installed(), "");
}

#[test]
fn killed_or_interrupted() {
    let bench = Bench::new();
    bench.write("import answer", ANSWER);
    assert!(bench.deploy(&[]).status.success());
    bench.write("import answer", &ANSWER.replace("hi", "ho"));
    let mut command = bench.command(&["deploy", "repo/Caddyfile", "--no-drop-in"]);
    let killed = command.env("CADDYCTL_FAULT", "loaded").output().unwrap();
    assert_eq!(killed.status.code(), None, "{}", err(&killed));
    assert_eq!(get(bench.port, "/").unwrap(), "ho");
    let recovered = bench.run(&["recover"]);
    assert!(
        out(&recovered).contains("was undone: the files are unchanged"),
        "{}{}",
        out(&recovered),
        err(&recovered)
    );
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
    assert!(out(&bench.run(&["recover"])).starts_with("nothing to do"));

    // Somebody else holds the lock, so that there is time for a signal.
    let host = caddyctl_deploy::files::host::Host::new(bench.folder.path().join("root"));
    let held = caddyctl_deploy::state::lock::Lock::take(
        &host,
        "ann",
        Duration::ZERO,
        &caddyctl_deploy::process::cancel::Cancel::default(),
    )
    .unwrap();
    let mut command = bench.command(&["deploy", "repo/Caddyfile", "--no-drop-in"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let stopped = child.wait_with_output().unwrap();
    drop(held);
    assert_eq!(stopped.status.code(), Some(2), "{}", err(&stopped));
    assert!(err(&stopped).contains("stopped while waiting for another deploy"), "{}", err(&stopped));
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
}

#[test]
fn interrupted_in_the_checks() {
    let bench = Bench::new();
    bench.write("respond hi", "");
    assert!(bench.deploy(&[]).status.success());
    bench.write("respond ho", "");
    let checks =
        format!("[[check]]\nurl = \"http://127.0.0.1:{}/\"\nseconds = 0\nretries = 30\n", bench.port);
    std::fs::write(bench.folder.path().join("repo/checks.toml"), checks).unwrap();
    let mut command = bench.command(&["deploy", "repo/Caddyfile", "--no-drop-in"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while get(bench.port, "/").unwrap() != "ho" {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(500));
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let asked = std::time::Instant::now();
    let stopped = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert_eq!(stopped.status.code(), Some(2), "{}", err(&stopped));
    assert!(
        err(&stopped).contains("error: stopped on request\nhelp: the files are unchanged"),
        "{}",
        err(&stopped)
    );
    assert_eq!(get(bench.port, "/").unwrap(), "hi");
}

#[test]
fn usage_and_system_errors() {
    let bench = Bench::new();
    bench.write("respond hi", "");
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        command.current_dir(bench.folder.path().join("repo")).args(words).output().unwrap()
    };
    let missing = run(&["deploy", "nowhere"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(err(&missing).starts_with("error: cannot read nowhere: no such file\n"), "{}", err(&missing));
    let unreachable = run(&["deploy", "--root", "../root", "--admin", "127.0.0.1:1"]);
    assert_eq!(unreachable.status.code(), Some(2));
    assert!(
        err(&unreachable).contains("no response from the admin address 127.0.0.1:1"),
        "{}",
        err(&unreachable)
    );
    assert!(err(&unreachable).contains("help: nothing was changed"), "{}", err(&unreachable));
    assert_eq!(run(&["deploy", "--admin", "udp/x"]).status.code(), Some(2));
    if !Path::new("/run/systemd/system").exists() {
        let found = run(&["deploy", "--dry-run", "--admin", "127.0.0.1:1"]);
        assert_eq!(found.status.code(), Some(2));
        assert!(
            err(&found)
                .contains("note: this machine does not run systemd: only files and the admin API are used\n"),
            "{}",
            err(&found)
        );
        assert!(err(&found).contains("no response from the admin address 127.0.0.1:1"), "{}", err(&found));
    }
    assert!(!bench.folder.path().join("root/etc").exists());
}

#[test]
fn an_image_gets_files_and_units_and_no_caddy_is_asked() {
    let bench = Bench::new();
    bench.write("respond hi", "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    let staged =
        command.current_dir(bench.folder.path()).args(["deploy", "repo/Caddyfile", "--root", "root"]);
    let staged = staged.output().unwrap();
    assert!(staged.status.success(), "{}", err(&staged));
    let root = bench.folder.path().join("root");
    let drop_in =
        std::fs::read_to_string(root.join("etc/systemd/system/caddy.service.d/override.conf")).unwrap();
    assert!(drop_in.contains("Restart=on-failure\nRestartSec=5s\nWatchdogSec=30s\n"), "{drop_in}");
    assert!(root.join("etc/systemd/system/caddy-watchdog.service").exists());
    let program = std::fs::read(root.join("usr/local/bin/caddyctl")).unwrap();
    assert!(program == std::fs::read(env!("CARGO_BIN_EXE_caddyctl")).unwrap());
    assert!(get(bench.port, "/").is_err());
}

#[test]
fn checks_next_to_the_caddyfile_decide() {
    let bench = Bench::new();
    let backend = backend::start();
    let write = |word: &str| {
        let port = bench.port;
        let checks = format!(
            "[[check]]\nurl = \"http://127.0.0.1:{port}/api/build_info\"\ncontains = \"{word}\"\n\n\
             [[check]]\nname = \"chat\"\nurl = \"ws://127.0.0.1:{port}/api/chat\"\nwebsocket = true\n"
        );
        std::fs::write(bench.folder.path().join("repo/checks.toml"), checks).unwrap();
    };
    bench.write(&format!("reverse_proxy localhost:{backend}"), "");
    let before = bench.caddy.running();
    write("nonsense");
    let failed = bench.deploy(&[]);
    assert_eq!(failed.status.code(), Some(1), "{}", err(&failed));
    assert!(err(&failed).contains("the checks failed: GET http://"), "{}", err(&failed));
    assert!(err(&failed).contains("the body does not contain `nonsense`"), "{}", err(&failed));
    assert_eq!((bench.installed(), bench.caddy.running()), (String::new(), before));
    write("/api/build_info");
    let passed = bench.deploy(&[]);
    assert!(passed.status.success(), "{}", err(&passed));
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    let checks = command.current_dir(bench.folder.path()).args(["verify", "--checks", "repo/checks.toml"]);
    let checks = checks.output().unwrap();
    assert!(out(&checks).ends_with("2 checks, 0 failed\n"), "{}{}", out(&checks), err(&checks));
}

#[test]
fn status_names_what_drifted() {
    let bench = Bench::new();
    bench.write("respond hi", "");
    assert!(bench.deploy(&[]).status.success());
    let well = bench.run(&["status"]);
    assert!(well.status.success() && out(&well).ends_with("no problems\n"), "{}", out(&well));
    let installed = bench.folder.path().join("root/etc/caddy/Caddyfile");
    std::fs::write(&installed, bench.installed().replace("hi", "ho")).unwrap();
    let drifted = bench.run(&["status", "--format", "json"]);
    assert_eq!(drifted.status.code(), Some(1));
    let printed: Value = serde_json::from_str(&out(&drifted)).unwrap();
    assert_eq!(
        printed["problems"],
        serde_json::json!([
            "/etc/caddy/Caddyfile has changed since the deploy",
            "Caddy does not run the configuration of the installed files"
        ])
    );
}

#[test]
fn the_doctor_finds_a_backend_that_is_down() {
    let bench = Bench::new();
    let down = free_port();
    bench.write(&format!("reverse_proxy 127.0.0.1:{down}"), "");
    assert!(bench.deploy(&[]).status.success());
    let found = bench.run(&["doctor"]);
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    assert!(
        out(&found).contains(&format!("error: the upstream 127.0.0.1:{down} is unreachable: ")),
        "{}",
        out(&found)
    );
    bench.write("respond hi", "");
    assert!(bench.deploy(&[]).status.success());
    let well = out(&bench.run(&["doctor"]));
    assert!(well.ends_with("no problems found\n") && !well.contains("fault"), "{well}");
}
