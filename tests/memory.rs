//! Large files, and they alone, are compiled in huge pages: small ones would have to clear the whole first one.

#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// What Linux says of huge pages for a program that has read a Caddyfile of `lines` lines, and is writing its JSON.
fn huge_pages(lines: usize) -> Option<bool> {
    // So many sites that the JSON does not fit into a pipe: the program waits until somebody reads it.
    let sites = (0..1000).map(|number| format!("site{number}.example.com {{\n\trespond \"{number}\"\n}}\n"));
    let text = sites.chain((3000..lines).map(|_| "#\n".to_owned())).collect::<String>();
    let mut child = Command::new(PROGRAM)
        .args(["adapt", "--config", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut [0]).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    writer.join().unwrap();
    io::copy(&mut output, &mut io::sink()).unwrap();
    assert!(child.wait().unwrap().success());
    status.lines().find_map(|line| line.strip_prefix("THP_enabled:")).map(|enabled| enabled.trim() == "1")
}

#[test]
fn huge_pages_for_large_files() {
    let small = huge_pages(299_999);
    if small.is_none() {
        let _ = writeln!(io::stderr(), "left out: this kernel does not say whether a program has huge pages");
        return;
    }
    assert_eq!((small, huge_pages(300_000)), (Some(false), Some(true)));
}
