//! What is to be deployed: a compiled configuration, and files with what each is for.

use std::path::PathBuf;

use caddyctl_host::regular;
use serde::{Deserialize, Serialize};

use crate::files::owner::Ownership;
use crate::files::resolve::is_trusted;

/// The most bytes of the heartbeat program.
const MOST_OF_A_PROGRAM: u64 = 1 << 30;

/// What a deployed file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A file of the host that the Caddyfile imports and the source does not have. It is never changed.
    HostImport,
    /// A file that the Caddyfile imports.
    Import,
    /// The Caddyfile itself.
    Caddyfile,
    /// The heartbeat program that a companion unit runs.
    Program,
    /// A companion unit.
    Unit,
    /// The drop-in of Caddy's unit.
    DropIn,
}

impl Role {
    /// Whether Caddy reads it (and not systemd).
    pub fn is_config(self) -> bool {
        matches!(self, Self::Import | Self::HostImport | Self::Caddyfile)
    }

    /// The most bytes of such a file.
    pub fn most(self) -> u64 {
        if self == Self::Program { MOST_OF_A_PROGRAM } else { regular::MOST }
    }

    /// The ownership of a file that replaces one of `old` ownership. What systemd reads or runs as root never belongs to
    /// somebody else, whoever had put a file there.
    pub(crate) fn keeps(self, old: Ownership, fresh: Ownership) -> Ownership {
        let old = Ownership { mode: old.mode & 0o777, ..old };
        let is_roots = old.uid.is_none_or(is_trusted) && old.mode & 0o022 == 0;
        if self.is_config() || is_roots { old } else { fresh }
    }
}

/// One file to deploy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployFile {
    /// Its absolute path on the host.
    pub path: PathBuf,
    /// What it will hold; `None` when it is to go.
    pub bytes: Option<Vec<u8>>,
    /// What it is for.
    pub role: Role,
}

/// What is to be deployed: a compiled configuration and the files it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifact {
    /// Caddy's JSON.
    pub json: Vec<u8>,
    /// The Caddyfile, what it imports, and what systemd needs. At most one has the role [`Role::Caddyfile`].
    pub files: Vec<DeployFile>,
}
