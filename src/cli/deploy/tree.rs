//! A whole source tree: a folder, or an archive of one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl::deploy::run::run;

use crate::cli::fault::{Fault, reason};
use crate::cli::input;

/// How long unpacking may take.
const UNPACKING: Duration = Duration::from_mins(1);

/// A folder with a Caddyfile in it. An unpacked archive is gone when this is dropped.
pub struct Tree {
    /// Where the files are.
    pub folder: PathBuf,
    _unpacked: Option<tempfile::TempDir>,
}

impl Tree {
    /// Opens a folder, or unpacks whatever the host's `tar` can read. An archive may have all its files in one folder.
    pub fn open(given: &Path) -> anyhow::Result<Self> {
        let given = std::path::absolute(given).map_err(|error| Fault::unreadable(given, &error))?;
        if given.is_dir() {
            return Ok(Self { folder: given, _unpacked: None });
        }
        std::fs::metadata(&given).map_err(|error| Fault::unreadable(&given, &error))?;
        let unpacked = tempfile::tempdir()
            .map_err(|error| Fault::world(format!("no folder to unpack into: {}", reason(&error))))?;
        let (archive, to) = (given.to_string_lossy(), unpacked.path().to_string_lossy());
        run(Path::new("tar"), &["-xf", &archive, "--no-same-owner", "-C", &to], UNPACKING)?;
        let folder = single_folder(unpacked.path()).unwrap_or_else(|| unpacked.path().to_owned());
        Ok(Self { folder, _unpacked: Some(unpacked) })
    }
}

/// The one folder that everything lies in, when there is no Caddyfile beside it.
fn single_folder(folder: &Path) -> Option<PathBuf> {
    if folder.join(input::DEFAULT).exists() {
        return None;
    }
    let mut all = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    all.next().filter(|only| only.is_dir() && all.next().is_none())
}
