//! What operating systems do differently for the command line.

use std::fs::Metadata;
use std::io::{self, Write};
use std::path::Path;

#[cfg(unix)]
mod own {
    use std::fs::File;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;

    use super::{Metadata, Path, Write, io};

    /// A device and a file of it.
    pub type Identity = (u64, u64);

    pub fn stdout() -> io::Result<impl Write> {
        // `Stdout` would look for the last line break in all that it gets.
        Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
    }

    pub fn identity(_: &Path, found: &Metadata) -> Identity {
        (found.dev(), found.ino())
    }
}

#[cfg(not(unix))]
mod own {
    use std::path::PathBuf;

    use super::{Metadata, Path, Write, io};

    /// A path without links.
    pub type Identity = PathBuf;

    #[expect(clippy::unnecessary_wraps, reason = "on Unix it may fail")]
    pub fn stdout() -> io::Result<impl Write> {
        // `Stdout` knows how a console takes text.
        Ok(io::stdout().lock())
    }

    pub fn identity(path: &Path, _: &Metadata) -> Identity {
        path.canonicalize().unwrap_or_else(|_| path.to_owned())
    }
}

/// What two names of one file have in common.
pub type Identity = own::Identity;

/// Standard output, for large pieces.
pub fn stdout() -> io::Result<impl Write> {
    own::stdout()
}

/// The identity of the file at `path`. Where files have no numbers, names by hard links are not known for one file.
pub fn identity(path: &Path, found: &Metadata) -> Identity {
    own::identity(path, found)
}
