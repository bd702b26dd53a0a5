//! A whole source tree: a folder, or an archive of one. An archive is read into memory: nothing is unpacked, so nothing
//! is left behind.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::archive::{Archive, ArchiveError, FOLDER, MOST_TEXT};
use super::checkout::Checkout;
use caddyctl_host::regular;
use caddyctl_language::source::{Loader, shown, toml};
use serde::Deserialize;

/// A folder with a Caddyfile in it.
pub struct Tree {
    /// Its files.
    pub loader: Box<dyn Loader>,
    /// The folder.
    pub folder: PathBuf,
    /// Whether the folder is one of this machine.
    pub is_on_disk: bool,
    /// Which revision an archive says that it is, and whose.
    pub origin: Origin,
}

/// What an archive says of itself, in a file `revision.toml` beside its Caddyfile or in the comment of `git archive`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The git revision.
    pub revision: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
}

/// The name of the file in which an archive says what it is.
const ORIGIN: &str = "revision.toml";

/// The most characters of a revision or an author.
const LONGEST: usize = 200;

impl Origin {
    fn of(archive: &Archive) -> Self {
        let text = archive.read(&Path::new(FOLDER).join(ORIGIN)).unwrap_or_default();
        let noted: Self = toml::parse(&String::from_utf8_lossy(&text)).unwrap_or_default();
        // `git archive` has filled in `$Format:…$` where .gitattributes says so; elsewhere it is still there.
        let is_text =
            |text: &String| !text.is_empty() && !text.contains("$Format:") && text.chars().count() <= LONGEST;
        Self {
            revision: noted.revision.filter(is_text).or_else(|| archive.commit().map(str::to_owned)),
            author: noted.author.filter(is_text),
        }
    }
}

/// A source that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// Nothing can be opened there.
    #[error("cannot read {}: {source}", shown::path(path))]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// It is no archive, or one that is not taken.
    #[error("cannot read the archive {}: {source}", shown::path(path))]
    Archive {
        /// Where.
        path: PathBuf,
        /// The reason.
        source: ArchiveError,
    },
}

impl Tree {
    /// Opens a folder, or reads a `.tar` or `.tar.gz`. An archive may have all its files in one folder; its texts may take
    /// `raised` times as much as by default.
    ///
    /// # Errors
    ///
    /// What is neither, or cannot be read.
    pub fn open(given: &Path, raised: u32) -> Result<Self, TreeError> {
        let unreadable = |source| TreeError::Unreadable { path: given.to_owned(), source };
        let path = std::path::absolute(given).map_err(unreadable)?;
        if path.is_dir() {
            return Self::of_folder(&path, &path).map_err(unreadable);
        }
        let file = regular::open(&path).map_err(unreadable)?;
        Self::of_archive(given, BufReader::new(file), raised)
    }

    /// Reads an archive that comes from `packed`, whatever `given` calls it.
    ///
    /// # Errors
    ///
    /// What is no whole archive.
    pub fn of_archive(given: &Path, packed: impl BufRead, raised: u32) -> Result<Self, TreeError> {
        let archive = Archive::read(packed, MOST_TEXT.saturating_mul(raised.into()))
            .map_err(|source| TreeError::Archive { path: given.to_owned(), source })?;
        let origin = Origin::of(&archive);
        Ok(Self { loader: Box::new(archive), folder: FOLDER.into(), is_on_disk: false, origin })
    }

    /// A folder of this machine; relative paths start from `base`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be opened.
    pub fn of_folder(base: &Path, folder: &Path) -> io::Result<Self> {
        let checkout = Checkout::open(base, folder, rustix::process::geteuid().as_raw())?;
        let folder = checkout.folder().to_owned();
        Ok(Self { loader: Box::new(checkout), folder, is_on_disk: true, origin: Origin::default() })
    }
}
