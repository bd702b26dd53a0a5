//! A whole source tree: a folder, or an archive of one. An archive is read into memory: nothing is unpacked, so nothing
//! is left behind.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use caddyctl::deploy::archive::{Archive, FOLDER};
use caddyctl::source::{Disk, Loader, regular};

use crate::cli::fault::Fault;

/// A folder with a Caddyfile in it.
pub struct Tree {
    /// Its files.
    pub loader: Box<dyn Loader>,
    /// The folder.
    pub folder: PathBuf,
    /// Whether the folder is one of this machine.
    pub is_on_disk: bool,
}

impl Tree {
    /// Opens a folder, or reads a `.tar` or `.tar.gz`. An archive may have all its files in one folder.
    pub fn open(given: &Path) -> anyhow::Result<Self> {
        let path = std::path::absolute(given).map_err(|error| Fault::unreadable(given, &error))?;
        if path.is_dir() {
            return Ok(Self { loader: Box::new(Disk::new(&path)), folder: path, is_on_disk: true });
        }
        let file = regular::open(&path).map_err(|error| Fault::unreadable(given, &error))?;
        let archive = Archive::read(BufReader::new(file)).map_err(|error| {
            Fault::input(format!("cannot read the archive {}: {error}", given.display()))
                .help("nothing was changed; --from takes a folder, a whole .tar.gz or a whole .tar")
        })?;
        Ok(Self { loader: Box::new(archive), folder: FOLDER.into(), is_on_disk: false })
    }
}
