//! A machine about which nothing surprising is known.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use caddyctl_analysis::check::Facts;
use caddyctl_host::Machine;

/// The machine on which verdicts are made: no network, an empty environment, root's rights.
pub struct Bare(pub Machine);

impl Facts for Bare {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.0.files(folder)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn can_append(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn data_folder(&self) -> PathBuf {
        self.0.data_folder()
    }

    fn answers(&self, _: &str) -> Option<bool> {
        Some(false)
    }

    fn now(&self) -> SystemTime {
        self.0.now()
    }
}
