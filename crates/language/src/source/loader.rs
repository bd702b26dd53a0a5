//! Where the text of files comes from: a disk, or memory (tests, editors, an archive).

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::Limits;

/// A source of files. Paths are absolute.
pub trait Loader {
    /// The bytes of the file at `path`. A folder is an error of kind `IsADirectory`.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names in the folder `path`, in any order; empty when it is not a folder or cannot be read, as Go's glob
    /// has it.
    fn list(&self, path: &Path) -> Vec<String>;

    /// Whether something is at `path`.
    fn exists(&self, path: &Path) -> bool;

    /// The folder that relative paths start from.
    fn base(&self) -> &Path;

    /// Why something that was asked for was not looked into, when this loader does not give all that is there. Lists have
    /// no error, and an import of nothing is legal: whoever relies on what was read asks this afterwards.
    fn refused(&self) -> Option<String> {
        None
    }

    /// Where the file at `path` lies on this machine: a host below another root has its own.
    fn on_disk(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    /// The path that is read where an import names the absolute `path`, which may be that of another machine.
    fn mapped(&self, path: PathBuf) -> PathBuf {
        path
    }

    /// Whether the file at `path` lies outside the project, so that no program may be shown what it says. Only
    /// `Bounded` of the crate for the host knows of a project.
    fn is_outside(&self, _path: &Path) -> bool {
        false
    }

    /// How much a Caddyfile from here may grow.
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

/// Files held in memory, under absolute paths.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    base: PathBuf,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    /// No files, with relative paths taken from `base`.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self { base: base.into(), files: BTreeMap::new() }
    }

    /// Adds a file; a relative path is taken from the base.
    pub fn add(&mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(self.base.join(path), bytes.into());
    }
}

impl Loader for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None if self.exists(path) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, path: &Path) -> Vec<String> {
        let inside = self.files.keys().filter_map(|file| file.strip_prefix(path).ok());
        let mut names: Vec<String> = inside
            .filter_map(|rest| Some(rest.components().next()?.as_os_str().to_str()?.to_owned()))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn exists(&self, path: &Path) -> bool {
        self.files.keys().any(|file| file.starts_with(path))
    }

    fn base(&self) -> &Path {
        &self.base
    }
}
