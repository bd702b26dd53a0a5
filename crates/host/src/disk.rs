//! The file system of this machine, as a loader.

use std::io;
use std::path::{Path, PathBuf};

use caddyctl_language::source::{Limits, Loader};

use crate::regular;

/// The file system of this machine.
#[derive(Clone, Debug)]
pub struct Disk {
    base: PathBuf,
    limits: Limits,
}

impl Disk {
    /// The disk, with relative paths taken from the folder `base` (the working directory, as the caller has it).
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self { base: base.into(), limits: Limits::default() }
    }

    /// The same disk, for Caddyfiles that may grow so much.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

impl Loader for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        regular::read(path, self.limits.file)
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn list(&self, path: &Path) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
    }

    fn exists(&self, path: &Path) -> bool {
        path.symlink_metadata().is_ok()
    }

    fn base(&self) -> &Path {
        &self.base
    }
}
