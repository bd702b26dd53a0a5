//! The twin of `build.rs` for programs that ask no Caddy.

use std::collections::BTreeSet;

use caddyctl_language::diagnostics::Diagnostic;

/// Help shows nothing of it.
pub const EXAMPLE: &str = "";

/// No argument.
#[derive(Debug, clap::Args)]
pub struct OfBuild {}

impl OfBuild {
    /// None is ever named.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "its twin asks a program")]
    pub fn ask(&self) -> anyhow::Result<Option<Build>> {
        Ok(None)
    }
}

/// There is none.
pub enum Build {}

impl Build {
    /// The modules that it has.
    pub fn modules(&self) -> &BTreeSet<String> {
        match *self {}
    }

    /// What it says of the faults.
    pub fn judge(&self, _: &mut [Diagnostic]) {
        match *self {}
    }
}
