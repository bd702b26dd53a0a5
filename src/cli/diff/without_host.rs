//! The twin of `host.rs` for programs that know no server.

use std::path::PathBuf;

use caddyctl_analysis::diff::Side;

use super::sides::With;
use crate::cli::fault::Fault;

/// What help says of the paths.
pub const PATHS: &str = "The old and the new configuration: Caddyfiles or Caddy's JSON, `-` for standard input. With \
--against only one. Default: the Caddyfile of this folder";

/// Help shows nothing of it.
pub const EXAMPLES: [&str; 2] = ["", ""];

/// Nothing else may go wrong.
pub const TROUBLE: &str = "";

/// No argument.
#[derive(Debug, clap::Args)]
pub struct OfHost {}

impl OfHost {
    /// None is.
    #[expect(clippy::unused_self, reason = "its twin has arguments")]
    pub fn is_live(&self) -> bool {
        false
    }

    /// Refuses: the other side is missing.
    #[expect(clippy::unused_self, reason = "its twin has arguments")]
    pub fn read(&self, _: &[PathBuf], _: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
        let fault = Fault::system("the second configuration is missing");
        Err(fault.help("pass two files, or a revision with `--against`").into())
    }
}

/// No argument.
#[derive(Debug, Default, clap::Args)]
pub struct OfLive {}

impl OfLive {
    /// Nobody can ask for it.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "its twin has arguments")]
    pub fn read(&self, _: &With<'_>) -> anyhow::Result<Option<Side>> {
        Ok(None)
    }
}
