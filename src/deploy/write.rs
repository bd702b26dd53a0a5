//! Files that are never seen half written: staged, synced, renamed, and the folder synced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use super::mount::Mounts;
use super::owner::Ownership;

/// A file that could not be read or written: what was tried, where, and the system's reason.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} {}: {source}", path.display())]
pub struct WriteError {
    /// Such as `write`.
    pub what: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// Names the file in an error of the system.
pub(super) fn at<T>(result: io::Result<T>, what: &'static str, path: &Path) -> Result<T, WriteError> {
    result.map_err(|source| WriteError { what, path: path.to_owned(), source })
}

/// A file to be replaced, as it is now.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it really lies: symbolic links are followed, so that they stay.
    pub path: PathBuf,
    /// What it holds; `None` when there is no file.
    pub bytes: Option<Vec<u8>>,
    /// Its owner, group and mode.
    pub ownership: Option<Ownership>,
    /// Whether it must be written in place, since it is itself a mount.
    pub in_place: bool,
}

impl Target {
    /// Looks at `path`. A link to a file that does not exist yet is followed as well.
    pub fn look(path: &Path, mounts: &Mounts) -> Result<Self, WriteError> {
        let real = follow(path)?;
        match fs::metadata(&real) {
            Ok(metadata) if metadata.is_file() => {
                let bytes = at(fs::read(&real), "read", &real)?;
                let in_place = mounts.is_mount(&real);
                Ok(Self {
                    bytes: Some(bytes),
                    ownership: Some(Ownership::of(&metadata)),
                    in_place,
                    path: real,
                })
            }
            Ok(_) => at(Err(io::Error::other("it is not a plain file")), "replace", &real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { path: real, bytes: None, ownership: None, in_place: false })
            }
            Err(error) => at(Err(error), "look at", &real),
        }
    }
}

/// The end of a chain of symbolic links; what does not exist yet is kept as it is.
fn follow(path: &Path) -> Result<PathBuf, WriteError> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        let Ok(link) = fs::read_link(&path) else {
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(path) };
            return Ok(folder.canonicalize().map_or_else(|_| path.clone(), |folder| folder.join(name)));
        };
        path = path.parent().unwrap_or(Path::new("/")).join(link);
    }
    at(Err(io::Error::other("too many symbolic links")), "follow", &path)
}

/// Writes a new file and syncs it. The file must not exist.
pub fn stage(path: &Path, bytes: &[u8], ownership: Ownership) -> Result<(), WriteError> {
    let mut file =
        at(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path), "create", path)?;
    at(file.write_all(bytes), "write", path)?;
    own(&file, path, ownership)?;
    at(file.sync_all(), "sync", path)
}

/// Owner first, since a change of owner may clear mode bits.
fn own(file: &File, path: &Path, ownership: Ownership) -> Result<(), WriteError> {
    if ownership.uid.is_some() || ownership.gid.is_some() {
        let now = Ownership::of(&at(file.metadata(), "look at", path)?);
        let differs = |wanted: Option<u32>, is: Option<u32>| wanted.is_some() && wanted != is;
        if differs(ownership.uid, now.uid) || differs(ownership.gid, now.gid) {
            at(fchown(file, ownership.uid, ownership.gid), "change the owner of", path)?;
        }
    }
    at(file.set_permissions(fs::Permissions::from_mode(ownership.mode)), "change the mode of", path)
}

/// Moves a staged file to its place in one step, and syncs the folder.
pub fn place(staged: &Path, target: &Path) -> Result<(), WriteError> {
    at(fs::rename(staged, target), "replace", target)?;
    sync_folder(target)
}

/// Writes over a file without changing its inode. One write covers old and new text (blank lines fill the rest until
/// the file is cut to size), so that a crash in between leaves a whole file.
pub fn write_in_place(target: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let file = at(OpenOptions::new().write(true).open(target), "open", target)?;
    let old = usize::try_from(at(file.metadata(), "look at", target)?.len()).unwrap_or(0);
    let mut padded = bytes.to_vec();
    padded.resize(old.max(bytes.len()), b'\n');
    at(file.write_all_at(&padded, 0), "write", target)?;
    at(file.set_len(bytes.len() as u64), "cut", target)?;
    at(file.sync_all(), "sync", target)
}

/// Removes a file, if it is there, and syncs the folder.
pub fn remove(path: &Path) -> Result<(), WriteError> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => at(Err(error), "remove", path),
    }
}

/// Writes a file of caddyctl's own in one step, readable by its owner alone.
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let made = tempfile::Builder::new().prefix(HALF_WRITTEN).tempfile_in(folder);
    let mut file = at(made, "create a file in", folder)?;
    at(file.write_all(bytes), "write", path)?;
    at(file.as_file().sync_all(), "sync", path)?;
    at(file.persist(path).map_err(|error| error.error), "replace", path)?;
    sync_folder(path)
}

/// How the name of a private file begins before it is whole.
const HALF_WRITTEN: &str = ".caddyctl-tmp-";

/// Removes private files of `folder` that a killed process left half written.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(HALF_WRITTEN) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes the missing folders up to `folder`, so that everybody may enter them whatever the umask is: the service has to.
pub fn make_folders(folder: &Path) -> Result<(), WriteError> {
    let mut missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    missing.reverse();
    for folder in missing {
        match fs::create_dir(folder) {
            // Another deploy was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            made => at(made, "create", folder)?,
        }
        at(fs::set_permissions(folder, fs::Permissions::from_mode(0o755)), "change the mode of", folder)?;
        sync_folder(folder)?;
    }
    Ok(())
}

/// Makes a rename in the folder of `path` survive a power cut.
pub fn sync_folder(path: &Path) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    at(File::open(folder).and_then(|folder| folder.sync_all()), "sync", folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_and_its_target_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o604)).unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        let target = Target::look(&link, &Mounts::default()).unwrap();
        assert_eq!(target.path, real.canonicalize().unwrap());
        let staged = folder.path().join("staged");
        stage(&staged, b"new", target.ownership.unwrap()).unwrap();
        place(&staged, &target.path).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o604);
    }

    #[test]
    fn in_place_keeps_the_inode() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        fs::write(&file, "a long old text").unwrap();
        let inode = fs::metadata(&file).unwrap().ino();
        write_in_place(&file, b"short").unwrap();
        assert_eq!(
            (fs::read_to_string(&file).unwrap().as_str(), fs::metadata(&file).unwrap().ino()),
            ("short", inode)
        );
        write_in_place(&file, b"longer than before").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "longer than before");
    }

    #[test]
    fn a_fault_names_the_file() {
        let error = stage(Path::new("/nowhere/x"), b"", Ownership::plain(0o644)).unwrap_err();
        assert_eq!(error.to_string(), "cannot create /nowhere/x: No such file or directory (os error 2)");
        assert!(Target::look(Path::new("/"), &Mounts::default()).is_err());
    }
}
