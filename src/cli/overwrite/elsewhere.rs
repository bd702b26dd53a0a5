//! Replacing a file's text on systems other than Linux: the new text is written to a hidden file in the same folder, with the
//! permissions and the owner of the old one, and renamed. Extended attributes and further hard links stay with the old text.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use tempfile::Builder;

use super::Outcome;

/// Replaces the text `old` of the file `real`, a path without links.
pub fn replace(real: &Path, old: &[u8], new: &[u8]) -> io::Result<Outcome> {
    let irregular = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
    let folder = real.parent().ok_or_else(irregular)?;
    // A FIFO or device must not be opened at all.
    let found = real.symlink_metadata()?;
    if !found.is_file() {
        return Err(irregular());
    }
    // A rename needs no right to write the file, so a read-only file would be replaced: ask for the right here.
    drop(OpenOptions::new().write(true).open(real)?);
    if !has(real, old)? {
        return Ok(Outcome::Changed);
    }
    // No `import` with `*` takes a hidden file.
    let mut staged = Builder::new().prefix(".caddyctl-").suffix(".new").tempfile_in(folder)?;
    staged.write_all(new)?;
    keep_owner(staged.as_file(), &found)?;
    staged.as_file().set_permissions(found.permissions())?;
    staged.as_file().sync_all()?;
    if !has(real, old)? {
        return Ok(Outcome::Changed);
    }
    staged.persist(real).map_err(|error| error.error)?;
    Ok(Outcome::Written)
}

/// Whether the file `real` is still one, with the text `old`.
fn has(real: &Path, old: &[u8]) -> io::Result<bool> {
    if !real.symlink_metadata()?.is_file() {
        return Ok(false);
    }
    let mut text = Vec::with_capacity(old.len() + 1);
    File::open(real)?.take(old.len() as u64 + 1).read_to_end(&mut text)?;
    Ok(text == old)
}

/// Gives the new file the owner and group of the old one, before its permissions: a new owner takes the setuid bit away.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let found = new.metadata()?;
    if (found.uid(), found.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    fchown(new, Some(old.uid()), Some(old.gid()))
}

/// A new file has the owner that its folder gives to files.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix it may fail")]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn the_text_is_replaced_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Caddyfile");
        std::fs::write(&path, "old").unwrap();
        let before = path.metadata().unwrap().permissions();
        assert!(matches!(replace(&path, b"old", b"new"), Ok(Outcome::Written)));
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(path.metadata().unwrap().permissions(), before);
        assert_eq!(names(folder.path()), ["Caddyfile"]);
    }

    #[test]
    fn another_text_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Caddyfile");
        for text in ["", "ol", "old and more"] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(replace(&path, b"old", b"new"), Ok(Outcome::Changed)), "{text}");
            assert_eq!(std::fs::read(&path).unwrap(), text.as_bytes());
        }
        assert_eq!(names(folder.path()), ["Caddyfile"]);
    }

    #[test]
    fn what_is_not_a_regular_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace(folder.path(), b"", b"new").is_err());
        assert!(replace(&folder.path().join("none"), b"", b"new").is_err());
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}
