//! The twin of `installed.rs` for programs that ask no Caddy.

use caddyctl_language::Version;

use crate::cli::fault::Fault;

/// No program is asked.
pub fn version() -> anyhow::Result<Version> {
    Err(Fault::system("this build of caddyctl asks no program for its version")
        .help("pass the version, such as `--from 2.10.2`")
        .into())
}
