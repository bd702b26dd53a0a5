//! The facts of this machine, read from its disk.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Facts;
use crate::source::Env;

/// The disk of this machine, seen through the eyes of whoever runs the program. Nothing is opened for writing.
#[derive(Clone, Debug)]
pub struct Disk {
    base: PathBuf,
    env: Env,
}

impl Disk {
    /// Relative paths start at `base`, the folder that Caddy would run in; `env` is the environment of the service.
    pub fn new(base: impl Into<PathBuf>, env: Env) -> Self {
        Self { base: base.into(), env }
    }
}

impl Facts for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(self.base.join(path))
    }

    fn files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut folders = vec![self.base.join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).map(str::to_owned)
    }

    fn can_append(&self, path: &Path) -> io::Result<()> {
        let path = self.base.join(path);
        match path.metadata() {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if found.permissions().readonly() => Err(io::ErrorKind::PermissionDenied.into()),
            Ok(_) => Ok(()),
            Err(_) => can_create(&path),
        }
    }

    fn data_folder(&self) -> PathBuf {
        match (self.env.get("XDG_DATA_HOME"), self.env.get("HOME")) {
            (Some(data), _) if !data.is_empty() => Path::new(data).join("caddy"),
            (_, Some(home)) if !home.is_empty() => Path::new(home).join(".local/share/caddy"),
            _ => PathBuf::from("./caddy"),
        }
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Whether the nearest ancestor of `path` that exists is a folder that is not read-only.
fn can_create(path: &Path) -> io::Result<()> {
    for ancestor in path.ancestors().skip(1) {
        match ancestor.metadata() {
            Ok(found) if !found.is_dir() => return Err(io::ErrorKind::NotADirectory.into()),
            Ok(found) if found.permissions().readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
            Ok(_) => return Ok(()),
            Err(_) => {}
        }
    }
    Ok(())
}
