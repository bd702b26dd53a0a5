//! The Caddy that a deployment is for.

use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use caddyctl_host::regular;
use caddyctl_language::Version;
use serde::{Deserialize, Serialize};

/// The Caddy of a host, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCaddy {
    /// The program; empty where only its version is named.
    pub program: PathBuf,
    /// Its version, such as `2.6.2`.
    pub version: String,
    /// What distinguishes the program from another one in its place; `None` where only asking it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity: Option<String>,
}

impl HostCaddy {
    /// The version, if it is known.
    pub fn known(&self) -> Option<Version> {
        Version::known(&self.version).ok()
    }

    /// A Caddy that says what its version is.
    pub(crate) fn new(program: PathBuf, version: String, identity: Option<String>) -> Self {
        Self { program, version, identity }
    }

    /// Whether it is the program at this path, which has this identity now.
    pub(crate) fn is(&self, program: &Path, identity: Option<&str>) -> bool {
        identity.is_some() && self.program == program && self.identity.as_deref() == identity
    }

    /// A Caddy of which only the version is known.
    pub(crate) fn named(version: Version) -> Self {
        Self { program: PathBuf::new(), version: version.to_string(), identity: None }
    }
}

/// What distinguishes a program from another one in its place; `None` for a script, which may start any other.
pub(crate) fn identity(program: &Path) -> Option<String> {
    let mut file = regular::open(program).ok()?;
    let mut magic = [0; 4];
    file.read_exact(&mut magic).ok()?;
    let found = file.metadata().ok()?;
    let numbers = [
        found.dev().cast_signed(),
        found.ino().cast_signed(),
        found.size().cast_signed(),
        found.mtime(),
        found.mtime_nsec(),
        found.ctime(),
        found.ctime_nsec(),
    ];
    (magic == *b"\x7fELF").then(|| numbers.map(|number| number.to_string()).join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_program_has_another_identity() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("caddy");
        std::fs::write(&path, "#!/bin/sh\nexec other\n").unwrap();
        assert_eq!(identity(&path), None);
        std::fs::write(&path, b"\x7fELF1").unwrap();
        let first = identity(&path);
        assert!(first.is_some() && first == identity(&path));
        std::fs::write(folder.path().join("new"), b"\x7fELF2").unwrap();
        std::fs::rename(folder.path().join("new"), &path).unwrap();
        assert_ne!(first, identity(&path));
    }
}
