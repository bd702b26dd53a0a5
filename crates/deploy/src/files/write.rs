//! Files that are never seen half written: staged, synced, renamed, and the folder synced.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _, fchown};
use std::path::{Component, Path, PathBuf};

use super::digest::Digest;
use super::disk;
use super::folder::Folder;
use super::link::Link;
use super::mount::Mounts;
use super::owner::Ownership;
use super::resolve::{Foreign, Last, Untrusted, is_trusted, resolve};
use crate::process::deadline::Deadline;
use caddyctl_host::regular;
use caddyctl_language::source::shown;

/// A file that could not be read or written: what was tried, where, and the system's reason.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} {}: {source}", shown::path(path))]
pub struct WriteError {
    /// Such as `write`.
    pub what: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

impl WriteError {
    /// What to do about a symbolic link or a file of somebody else, or about rights that are missing.
    pub fn help(&self) -> Option<String> {
        if self.source.kind() == io::ErrorKind::PermissionDenied && !rustix::process::geteuid().is_root() {
            return Some("run this as root (sudo)".to_owned());
        }
        let inner = self.source.get_ref()?;
        if let Some(untrusted) = inner.downcast_ref::<Untrusted>() {
            let link = shown::path(&untrusted.link);
            if !untrusted.is_foreign() {
                return Some(format!(
                    "see `ls -l {link}` for its target: remove it, or change its target to an existing file"
                ));
            }
            return Some(format!("replace it with a file, or make root its owner: `chown -h root: {link}`"));
        }
        let words = "another user created it: remove it, or make root its owner, and try again";
        inner.downcast_ref::<Foreign>().map(|_| words.to_owned())
    }
}

/// Names the file in an error of the system.
pub(crate) fn at<T>(result: io::Result<T>, what: &'static str, path: &Path) -> Result<T, WriteError> {
    result.map_err(|source| WriteError { what, path: path.to_owned(), source })
}

/// A file to be replaced, as it is now.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it really lies: symbolic links are followed, so that they stay.
    pub path: PathBuf,
    /// The digest of what it holds; `None` when there is no file.
    pub digest: Option<Digest>,
    /// Its owner, group and mode.
    pub ownership: Option<Ownership>,
    /// Whether it must be written in place, since it is itself a mount.
    pub in_place: bool,
    /// Where the link at `path` leads that is replaced, and not followed; see [`Link`].
    pub link: Option<PathBuf>,
}

impl Target {
    /// Looks at `path` below `root`; a file of more than `most` bytes is refused. A link to a file that does not exist yet
    /// is followed as well, and one that somebody else could point at another file is refused.
    pub fn look(root: &Path, path: &Path, most: u64, mounts: &Mounts) -> Result<Self, WriteError> {
        if let Some(Link { path: kept, to }) = at(Link::look(root, path), "look at", path)? {
            return Self::of_link(root, path, most, (kept, to));
        }
        let found = resolve(root, path, Last::Follow).and_then(|found| Ok((found.exists, found.trusted()?)));
        let (exists, real) = at(found, "replace", path)?;
        if !exists {
            return Ok(Self { path: real, digest: None, ownership: None, in_place: false, link: None });
        }
        let (folder, name) = at(Folder::of(&real), "look at", &real)?;
        let file = at(folder.open_file(name), "replace", &real)?;
        let metadata = at(file.metadata(), "look at", &real)?;
        at(folder.expect_unplanted(&metadata), "replace", &real)?;
        let digest = at(Digest::of_file(file, most), "read", &real)?;
        let ownership = Ownership::of(&metadata);
        let in_place = mounts.is_mount(&real);
        Ok(Self { digest: Some(digest), ownership: Some(ownership), in_place, path: real, link: None })
    }

    /// A link that is replaced: what it leads to is only read.
    fn of_link(
        root: &Path,
        path: &Path,
        most: u64,
        (kept, to): (PathBuf, PathBuf),
    ) -> Result<Self, WriteError> {
        let link = Self { path: kept, digest: None, ownership: None, in_place: false, link: Some(to) };
        let file = match disk::open(root, path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(link),
            found => at(found, "read", path)?,
        };
        let ownership = Ownership::of(&at(file.metadata(), "look at", path)?);
        let digest = at(Digest::of_file(file, most), "read", path)?;
        Ok(Self { digest: Some(digest), ownership: Some(ownership), ..link })
    }
}

/// The digest of the file or the symbolic link at `path` as it is now; `None` when there is none. A file of more than `most`
/// bytes is an error.
pub(crate) fn digest_at(path: &Path, most: u64) -> Result<Option<Digest>, WriteError> {
    let digest = |(folder, name): (Folder, &OsStr)| match folder.read_link(name)? {
        Some(to) => Ok(Digest::of_link(&to)),
        None => Digest::of_file(folder.open_file(name)?, most),
    };
    match Folder::of(path).and_then(digest) {
        Ok(digest) => Ok(Some(digest)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => at(Err(error), "read", path),
    }
}

/// The bytes of the file at `path`, at most `most` of them; `path` names no symbolic link.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, WriteError> {
    at(Folder::of(path).and_then(|(folder, name)| folder.read(name, most)), "read", path)
}

/// Writes a new file and syncs it. The file must not exist.
pub fn stage(path: &Path, bytes: &[u8], ownership: Ownership) -> Result<(), WriteError> {
    let (folder, name) = at(Folder::of(path), "create", path)?;
    stage_in(&folder, name, bytes, ownership)
}

/// The same in an open folder.
pub(crate) fn stage_in(
    folder: &Folder,
    name: &OsStr,
    bytes: &[u8],
    ownership: Ownership,
) -> Result<(), WriteError> {
    let path = &folder.path().join(name);
    let mut file = at(folder.create(name), "create", path)?;
    at(file.write_all(bytes), "write", path)?;
    own(&file, path, ownership)?;
    at(file.sync_all(), "sync", path)
}

/// Makes a new symbolic link to `to`. Its folder has to be synced.
pub(crate) fn stage_link(path: &Path, to: &Path) -> Result<(), WriteError> {
    at(Folder::of(path).and_then(|(folder, name)| folder.make_link(name, to)), "create", path)
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
    let (from, name) = at(Folder::of(staged), "open the folder of", staged)?;
    place_from(&from, name, target)
}

fn place_from(from: &Folder, name: &OsStr, target: &Path) -> Result<(), WriteError> {
    let (to, new) = at(Folder::of(target), "replace", target)?;
    at(from.rename(name, &to, new), "replace", target)?;
    at(to.sync(), "sync", to.path())
}

/// Moves a staged file to its place where it still holds what has this digest, and says whether it does. With `in_place`
/// it is written over what is there.
pub(crate) fn place_checked(
    staged: &Path,
    target: &Path,
    digest: &Digest,
    most: u64,
    in_place: bool,
) -> Result<bool, WriteError> {
    let (from, name) = match Folder::of(staged) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        found => at(found, "open the folder of", staged)?,
    };
    if let Some(to) = at(from.read_link(name), "read", staged)? {
        let is_whole = Digest::of_link(&to) == *digest;
        return if is_whole { place_from(&from, name, target).map(|()| true) } else { Ok(false) };
    }
    let file = match from.open_file(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        found => at(found, "read", staged)?,
    };
    if !in_place {
        let is_whole = at(Digest::of_file(file, most), "read", staged)? == *digest;
        return if is_whole { place_from(&from, name, target).map(|()| true) } else { Ok(false) };
    }
    let bytes = at(regular::read_from(file, most), "read", staged)?;
    let is_whole = Digest::of(&bytes) == *digest;
    if is_whole {
        write_in_place(target, &bytes)?;
    }
    Ok(is_whole)
}

/// Writes over a file without changing its inode. One write covers old and new text (blank lines fill the rest until
/// the file is cut to size), so that a crash in between leaves a whole file.
pub fn write_in_place(target: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let file = at(Folder::of(target).and_then(|(folder, name)| folder.open_to_write(name)), "open", target)?;
    let old = usize::try_from(at(file.metadata(), "look at", target)?.len()).unwrap_or(0);
    let mut padded = bytes.to_vec();
    padded.resize(old.max(bytes.len()), b'\n');
    at(file.write_all_at(&padded, 0), "write", target)?;
    at(file.set_len(bytes.len() as u64), "cut", target)?;
    at(file.sync_all(), "sync", target)
}

/// Removes a file, if it is there, and syncs the folder.
pub fn remove(path: &Path) -> Result<(), WriteError> {
    let removed = Folder::of(path).and_then(|(folder, name)| {
        folder.remove(name)?;
        Ok(folder)
    });
    match removed {
        Ok(folder) => at(folder.sync(), "sync", folder.path()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => at(Err(error), "remove", path),
    }
}

/// Removes the folder `path`, if it is there, with all that is in it; not one that somebody else put in its place. It ends
/// with an error when `deadline` has passed.
pub(crate) fn remove_tree(path: &Path, deadline: Deadline) -> Result<(), WriteError> {
    let removed = Folder::of(path).and_then(|(folder, name)| {
        let is_ours = is_trusted(folder.look(name)?.st_uid);
        if is_ours { folder.remove_all_until(name, deadline) } else { Ok(()) }
    });
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => at(Err(error), "remove", path),
        _ => Ok(()),
    }
}

/// Writes a file of caddyctl's own in one step, readable by its owner alone.
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let (folder, name) = at(Folder::of(path), "create a file in", path.parent().unwrap_or(path))?;
    let mut half = OsString::from(HALF_WRITTEN);
    half.push(std::process::id().to_string());
    // What a killed process of the same number left.
    let _ = folder.remove(&half);
    let mut file = at(folder.create(&half), "create a file in", folder.path())?;
    at(file.write_all(bytes), "write", path)?;
    at(file.sync_all(), "sync", path)?;
    at(folder.rename(&half, &folder, name), "replace", path)?;
    at(folder.sync(), "sync", folder.path())
}

/// How the name of a private file begins before it is whole.
const HALF_WRITTEN: &str = ".caddyctl-tmp-";

/// Removes private files of `folder` that a killed process left half written.
pub(crate) fn sweep(folder: &Folder) {
    for name in folder.names().unwrap_or_default() {
        if name.to_string_lossy().starts_with(HALF_WRITTEN) {
            let _ = folder.remove(&name);
        }
    }
}

/// Makes the missing folders up to `path`, so that everybody may enter them whatever the umask is: the service has to.
pub fn make_folders(path: &Path) -> Result<Folder, WriteError> {
    let root = Path::new("/");
    let mut folder = at(Folder::open(root), "open", root)?;
    for part in path.components() {
        let name = match part {
            Component::Normal(name) => name,
            Component::RootDir | Component::CurDir => continue,
            _ => return at(Err(io::ErrorKind::InvalidInput.into()), "create", path),
        };
        folder = match folder.folder(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_folder_in(&folder, name)?,
            found => at(found, "open", &folder.path().join(name))?,
        };
    }
    Ok(folder)
}

/// Makes the folder `folder`. One that is there already is taken only where root or the user of this process owns it.
pub(crate) fn make_folder(folder: &Path) -> Result<(), WriteError> {
    let (parent, name) = at(Folder::of(folder), "create", folder)?;
    make_folder_in(&parent, name).map(drop)
}

fn make_folder_in(parent: &Folder, name: &OsStr) -> Result<Folder, WriteError> {
    let path = &parent.path().join(name);
    match parent.make(name) {
        Ok(made) => {
            at(made.share(0o755, None), "change the mode of", path)?;
            at(parent.sync(), "sync", parent.path())?;
            Ok(made)
        }
        // Another deploy was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => at(parent.own(name), "use", path),
        Err(error) => at(Err(error), "create", path),
    }
}

/// Makes a rename in the folder of `path` survive a power cut.
pub fn sync_folder(path: &Path) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    at(Folder::open(folder).and_then(|folder| folder.sync()), "sync", folder)
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
        let target = Target::look(Path::new("/"), &link, 100, &Mounts::default()).unwrap();
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
        assert!(Target::look(Path::new("/"), Path::new("/"), 100, &Mounts::default()).is_err());
    }
}
