//! Replacing a file's text so that a crash leaves the old text or the new one, and owner and mode as they were.

use std::fs::{self, Metadata, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::cli::fault::Fault;

/// Replaces the text of the file `path`; a link stays a link.
pub fn overwrite(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let unwritable = |error: io::Error| Fault::unwritable(path, &error);
    let real = path.canonicalize().map_err(unwritable)?;
    let metadata = real.metadata().map_err(unwritable)?;
    // A rename needs no right to write the file, so a read-only file would be replaced: ask for the right first.
    fs::OpenOptions::new().write(true).open(&real).map_err(unwritable)?;
    let staged = if metadata.nlink() == 1 { stage(&real, &metadata, text) } else { None };
    let written = match staged {
        Some(file) => file.persist(&real).map(drop).map_err(|error| error.error),
        // A file of several names, or in a folder or of an owner that only root could give: write over it.
        None => fs::write(&real, text),
    };
    Ok(written.map_err(unwritable)?)
}

/// The new file beside the old one; `None` when it cannot be there or cannot have the old one's owner.
fn stage(real: &Path, old: &Metadata, text: &[u8]) -> Option<NamedTempFile> {
    let mut file = NamedTempFile::new_in(real.parent()?).ok()?;
    let new = file.as_file().metadata().ok()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(file.as_file(), Some(old.uid()), Some(old.gid())).ok()?;
    }
    let mode: Permissions = old.permissions();
    file.as_file().set_permissions(mode).ok()?;
    file.write_all(text).ok()?;
    file.as_file().sync_all().ok()?;
    Some(file)
}
