//! The twin of `service.rs` for programs that do not ask systemd.

use std::path::Path;

use caddyctl_language::Version;
use caddyctl_language::source::Env;

/// Help shows nothing of it.
pub const EXAMPLE: &str = "";

/// No argument.
#[derive(Debug, Default, clap::Args)]
pub struct OfService {}

impl OfService {
    /// None is ever named.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "its twin asks systemd")]
    pub fn read(&self, _: &mut dyn FnMut(&Path)) -> anyhow::Result<Option<Env>> {
        Ok(None)
    }

    /// None is ever named.
    #[expect(clippy::unused_self, reason = "its twin asks systemd")]
    pub fn version(&self) -> Option<Version> {
        None
    }
}
