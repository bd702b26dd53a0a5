//! A whole source tree: a folder, or an archive of one. An archive is read into memory: nothing is unpacked, so nothing
//! is left behind.

use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use caddyctl_deploy::source::archive::{Archive, FOLDER, MOST_TEXT};
use caddyctl_deploy::source::checkout::Checkout;
use caddyctl_host::regular;
use caddyctl_language::source::{Loader, shown};

use super::compiled::refused;
use crate::cli::fault::Fault;
use crate::cli::limits::Raise;

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
    pub fn open(given: &Path, raise: Raise) -> anyhow::Result<Self> {
        let path = std::path::absolute(given).map_err(|error| Fault::unreadable(given, &error))?;
        if path.is_dir() {
            return Self::of_folder(&path, &path).map_err(|error| Fault::unreadable(given, &error).into());
        }
        let file = regular::open(&path).map_err(|error| Fault::unreadable(given, &error))?;
        let archive = Archive::read(BufReader::new(file), MOST_TEXT.saturating_mul(raise.factor().into()))
            .map_err(|error| {
                Fault::input(format!("cannot read the archive {}: {error}", shown::path(given)))
                    .help("nothing was changed; --from takes a folder, a whole .tar.gz or a whole .tar")
            })?;
        Ok(Self { loader: Box::new(archive), folder: FOLDER.into(), is_on_disk: false })
    }

    /// Why a file of it is not read.
    pub fn unreadable(&self, path: &Path, error: &io::Error) -> Fault {
        match self.loader.refused() {
            Some(reason) => refused(&reason),
            None => Fault::unreadable(path, error),
        }
    }

    /// A folder of this machine; relative paths start from `base`.
    pub fn of_folder(base: &Path, folder: &Path) -> io::Result<Self> {
        let checkout = Checkout::open(base, folder, rustix::process::geteuid().as_raw())?;
        let folder = checkout.folder().to_owned();
        Ok(Self { loader: Box::new(checkout), folder, is_on_disk: true })
    }
}
