//! What the checks of a source may ask: nothing but what the deployed configuration names.

use std::fs;
use std::process::Command;

use crate::deploy::bench::{ANSWER, Bench, err};
use crate::support::server::free_port;

#[test]
fn checks_ask_only_what_the_configuration_names() {
    let bench = Bench::new();
    let (other, upstream) = (std::net::TcpListener::bind("127.0.0.1:0").unwrap(), free_port());
    other.set_nonblocking(true).unwrap();
    let other_port = other.local_addr().unwrap().port();
    let socket = bench.folder.path().join("socket");
    let unix = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    unix.set_nonblocking(true).unwrap();
    let (port, admin, socket) = (bench.port, &bench.admin, socket.display());
    bench.write(&format!("reverse_proxy 127.0.0.1:{upstream} unix/{socket}"), ANSWER);
    let before = bench.caddy.running();
    let site = format!("http://127.0.0.1:{port}");
    for (lines, words) in [
        (
            format!("url = \"http://127.0.0.1:{other_port}/\""),
            format!("the configuration has no HTTP listener on port {other_port}"),
        ),
        (format!("url = \"http://{admin}/config/\""), "no HTTP listener on port".to_owned()),
        (
            format!("url = \"http://169.254.169.254:{port}/\""),
            format!("does not listen at 169.254.169.254:{port}"),
        ),
        ("url = \"http://169.254.169.254/\"".to_owned(), "no HTTP listener on port 80".to_owned()),
        (format!("url = \"http://127.0.0.2:{port}/\""), format!("no site `127.0.0.2` on port {port}")),
        (format!("url = \"http://example.test:{port}/\""), format!("no site `example.test` on port {port}")),
        (format!("url = \"{site}/\"\nupstream = \"unix/{socket}\""), "is a unix socket".to_owned()),
        (format!("url = \"{site}/\"\nupstream = \"unix//run/docker.sock\""), "is a unix socket".to_owned()),
        (
            format!("url = \"{site}/\"\nupstream = \"127.0.0.1:{other_port}\""),
            format!("no upstream 127.0.0.1:{other_port}"),
        ),
        (format!("url = \"ws://127.0.0.1:{other_port}/\"\nwebsocket = true"), "no HTTP listener".to_owned()),
        (
            format!("url = \"{site}/\"\nupstream = \"127.0.0.1:{upstream}\"\nmethod = \"POST\""),
            "repeats the request".to_owned(),
        ),
    ] {
        let checks = format!("# What is asked.\n\n[[check]]\n{lines}\n");
        fs::write(bench.folder.path().join("repo/checks.toml"), checks).unwrap();
        for more in [&[][..], &["--dry-run"]] {
            let refused = bench.deploy(more);
            let printed = err(&refused);
            assert_eq!(refused.status.code(), Some(1), "{printed}");
            assert!(printed.contains("checks.toml") && printed.contains(&words), "{lines}: {printed}");
            assert!(
                words == "repeats the request" || printed.starts_with("error: checks.toml:3: the check `"),
                "{printed}"
            );
        }
    }
    assert!(other.accept().is_err() && unix.accept().is_err(), "nothing was asked");
    assert_eq!((bench.installed(), bench.caddy.running()), (String::new(), before));
    // A person with a file of their own may ask anything.
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    let checks = format!("[[check]]\nurl = \"http://127.0.0.1:{other_port}/\"\nseconds = 1\n");
    fs::write(bench.folder.path().join("mine.toml"), checks).unwrap();
    let asked =
        command.current_dir(bench.folder.path()).args(["verify", "--checks", "mine.toml"]).output().unwrap();
    assert_eq!(asked.status.code(), Some(1), "{}", err(&asked));
    assert!(other.accept().is_ok());
}

#[test]
fn a_redirect_is_not_followed() {
    let bench = Bench::new();
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    other.set_nonblocking(true).unwrap();
    let at = other.local_addr().unwrap();
    bench.write(&format!("redir http://{at}/"), ANSWER);
    let port = bench.port;
    let checks = format!(
        "[[check]]\nurl = \"http://127.0.0.1:{port}/\"\nstatus = 302\nredirect = \"http://{at}/\"\n\n\
         [[check]]\nurl = \"ws://127.0.0.1:{port}/\"\nwebsocket = true\nstatus = 302\n\n\
         [[check]]\nurl = \"http://127.0.0.1:{port}/\"\ntls_name = \"0x7f000002\"\n"
    );
    fs::write(bench.folder.path().join("repo/checks.toml"), checks).unwrap();
    let failed = bench.deploy(&[]);
    let printed = err(&failed);
    assert_eq!(failed.status.code(), Some(1), "{printed}");
    assert!(printed.contains("`0x7f000002` is not a host name") && !printed.contains("302"), "{printed}");
    assert!(other.accept().is_err());
}
