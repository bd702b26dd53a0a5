//! The twin of `build.rs` for programs that ask no Caddy.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use caddyctl_language::Version;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::plugins;
use caddyctl_language::source::Env;

/// Help shows nothing of it.
pub const EXAMPLE: &str = "";

/// No argument.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct OfBuild {}

impl OfBuild {
    /// None: programs are not asked.
    pub fn of(_: PathBuf) -> Self {
        Self {}
    }

    /// Whether a program is named.
    #[expect(clippy::unused_self, reason = "its twin has an argument")]
    pub fn is_named(&self) -> bool {
        false
    }

    /// None is ever named.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "its twin asks a program")]
    pub fn ask(&self) -> anyhow::Result<Option<Rc<Build>>> {
        Ok(None)
    }
}

/// There is none.
#[derive(Debug)]
pub enum Build {}

impl Build {
    /// What it has.
    pub fn has(&self) -> &plugins::Build {
        match *self {}
    }

    /// Its version.
    pub fn version(&self) -> Option<&str> {
        match *self {}
    }

    /// That it is not known.
    pub fn unknown_version(&self, _: Version) -> Option<String> {
        match *self {}
    }

    /// Whether it has more than the stock build.
    pub fn has_plugins(&self) -> bool {
        match *self {}
    }

    /// The modules that it has.
    pub fn modules(&self) -> BTreeSet<String> {
        match *self {}
    }

    /// What it says of the faults.
    pub fn judge(&self, _: &mut [Diagnostic]) {
        match *self {}
    }

    /// What it makes of a file.
    pub fn adapt(&self, _: &Path, _: Option<&[u8]>, _: &Env, _: bool) -> anyhow::Result<String> {
        match *self {}
    }
}
