//! An open folder. What is done in it is done through its descriptor, so that nobody can lead it elsewhere meanwhile, and
//! no symbolic link is followed.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, Stat, fchmod, fchown, fstat, fsync, mkdirat, openat,
    readlinkat, renameat, statat, symlinkat, unlinkat,
};
use rustix::io::Errno;

use super::resolve::{FOLDER, Foreign, Untrusted, is_trusted};
use crate::process::deadline::Deadline;
use caddyctl_host::regular;

/// A folder, and the path that it was opened with.
#[derive(Debug)]
pub struct Folder {
    descriptor: OwnedFd,
    path: PathBuf,
}

impl Folder {
    /// Opens the folder at the absolute `path`, which names no symbolic link.
    ///
    /// # Errors
    ///
    /// What the system says; a link on the way is [`Untrusted`].
    pub fn open(path: &Path) -> io::Result<Self> {
        let root = openat(CWD, "/", FOLDER, Mode::empty())?;
        let mut folder = Self { descriptor: root, path: PathBuf::from("/") };
        for part in path.components() {
            match part {
                Component::Normal(name) => folder = folder.folder(name)?,
                Component::RootDir | Component::CurDir => {}
                _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path leads upwards")),
            }
        }
        Ok(folder)
    }

    /// Opens the folder that `path` lies in, and gives its name in there.
    pub fn of(path: &Path) -> io::Result<(Self, &OsStr)> {
        match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => Ok((Self::open(folder)?, name)),
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "it has no name")),
        }
    }

    /// The path that it was opened with.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder `name` in it.
    pub fn folder(&self, name: &OsStr) -> io::Result<Self> {
        let path = self.path.join(name);
        match openat(&self.descriptor, name, FOLDER.union(OFlags::NOFOLLOW), Mode::empty()) {
            Ok(descriptor) => Ok(Self { descriptor, path }),
            // A link that must not be followed is one of these two.
            Err(error @ (Errno::NOTDIR | Errno::LOOP)) => {
                Err(self.link(name).unwrap_or_else(|| error.into()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The error for `name`, when that is a symbolic link.
    fn link(&self, name: &OsStr) -> Option<io::Error> {
        let found = self.look(name).ok()?;
        let is_link = FileType::from_raw_mode(found.st_mode) == FileType::Symlink;
        is_link.then(|| Untrusted { link: self.path.join(name), uid: found.st_uid }.into())
    }

    /// What is at `name`; a link is not followed.
    pub fn look(&self, name: &OsStr) -> io::Result<Stat> {
        Ok(statat(&self.descriptor, name, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Whether something is at `name`.
    pub fn has(&self, name: &OsStr) -> bool {
        self.look(name).is_ok()
    }

    /// What it is itself.
    pub fn metadata(&self) -> io::Result<Stat> {
        Ok(fstat(&self.descriptor)?)
    }

    /// Refuses a file of this folder, opened by root, that somebody who may change the folder may have given a second name
    /// here (a hard link), and that belongs to somebody else.
    pub fn expect_unplanted(&self, file: &Metadata) -> io::Result<()> {
        if file.nlink() == 1 || !rustix::process::geteuid().is_root() {
            return Ok(());
        }
        let folder = self.metadata()?;
        let (owner, mode) = (folder.st_uid, folder.st_mode);
        let is_for_others = mode & 0o002 != 0 || (mode & 0o020 != 0 && folder.st_gid != 0);
        let is_users_own = !is_trusted(owner) && file.uid() == owner;
        if is_users_own || (is_trusted(owner) && !is_for_others) {
            return Ok(());
        }
        Err(Foreign("it has hard links, and other users than its owner can change its folder".to_owned())
            .into())
    }

    /// Opens the regular file `name` for reading. Nothing else is opened, and it does not wait.
    pub fn open_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_with(name, OFlags::RDONLY)
    }

    /// Opens the regular file `name` for writing.
    pub fn open_to_write(&self, name: &OsStr) -> io::Result<File> {
        self.open_with(name, OFlags::WRONLY)
    }

    fn open_with(&self, name: &OsStr, how: OFlags) -> io::Result<File> {
        // To open a device may have an effect.
        match FileType::from_raw_mode(self.look(name)?.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Err(io::ErrorKind::IsADirectory.into()),
            FileType::Symlink => return Err(self.link(name).unwrap_or_else(|| Errno::LOOP.into())),
            _ => return Err(regular::not_regular()),
        }
        let flags = how | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = File::from(openat(&self.descriptor, name, flags, Mode::empty())?);
        regular::check(&file.metadata()?)?;
        Ok(file)
    }

    /// The bytes of the regular file `name`, at most `most` of them.
    pub fn read(&self, name: &OsStr, most: u64) -> io::Result<Vec<u8>> {
        regular::read_from(self.open_file(name)?, most)
    }

    /// Makes the file `name`, which must not exist, and which only its owner can read.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.descriptor, name, flags, Mode::from_raw_mode(0o600))?))
    }

    /// Opens the file `name` for reading and writing, and makes it, readable for its owner alone, where it is missing.
    pub fn open_or_create(&self, name: &OsStr) -> io::Result<File> {
        match self.open_with(name, OFlags::RDWR) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let flags =
                    OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
                let file = File::from(openat(&self.descriptor, name, flags, Mode::from_raw_mode(0o600))?);
                regular::check(&file.metadata()?)?;
                Ok(file)
            }
            opened => opened,
        }
    }

    /// Where the symbolic link `name` leads; `None` when it is none, or is not there.
    pub fn read_link(&self, name: &OsStr) -> io::Result<Option<PathBuf>> {
        match readlinkat(&self.descriptor, name, Vec::new()) {
            Ok(to) => Ok(Some(PathBuf::from(OsString::from_vec(to.into_bytes())))),
            Err(Errno::INVAL | Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the symbolic link `name`, which must not exist, to `to`.
    pub fn make_link(&self, name: &OsStr, to: &Path) -> io::Result<()> {
        Ok(symlinkat(to, &self.descriptor, name)?)
    }

    /// Makes the folder `name`, which must not exist, and which only its owner can enter.
    pub fn make(&self, name: &OsStr) -> io::Result<Self> {
        mkdirat(&self.descriptor, name, Mode::from_raw_mode(0o700))?;
        self.own(name)
    }

    /// The folder `name`, where root or the user of this process owns it.
    pub fn own(&self, name: &OsStr) -> io::Result<Self> {
        let folder = self.folder(name)?;
        let uid = folder.metadata()?.st_uid;
        if is_trusted(uid) {
            return Ok(folder);
        }
        Err(Foreign(format!("it belongs to user {uid}, who may have put it there")).into())
    }

    /// Changes its mode, and its group where one is given.
    pub fn share(&self, mode: u32, gid: Option<u32>) -> io::Result<()> {
        let itself = self.listing()?;
        if gid.is_some() {
            fchown(&itself, None, gid.map(Gid::from_raw))?;
        }
        Ok(fchmod(&itself, Mode::from_raw_mode(mode))?)
    }

    /// A descriptor with which it can be listed and synced.
    fn listing(&self) -> io::Result<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.descriptor, ".", flags, Mode::empty())?)
    }

    /// The names in it, in any order.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(self.listing()?)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name != "." && name != ".." {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Moves `name` to `new` in the folder `to`, over what is there.
    pub fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.descriptor, name, &to.descriptor, new)?)
    }

    /// Removes the file or link `name`.
    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(&self.descriptor, name, AtFlags::empty())?)
    }

    /// Removes the folder `name`, which is empty.
    pub fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(&self.descriptor, name, AtFlags::REMOVEDIR)?)
    }

    /// Removes `name` with all that is in it. A folder of somebody else is left alone.
    pub fn remove_all(&self, name: &OsStr) -> io::Result<()> {
        self.remove_while(name, &|| true)
    }

    /// The same; an error of kind `TimedOut` when `deadline` passes before its end. A second call goes on from there.
    pub fn remove_all_until(&self, name: &OsStr, deadline: Deadline) -> io::Result<()> {
        self.remove_while(name, &|| !deadline.has_passed())
    }

    fn remove_while(&self, name: &OsStr, has_time: &dyn Fn() -> bool) -> io::Result<()> {
        if !has_time() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the deadline has passed"));
        }
        if FileType::from_raw_mode(self.look(name)?.st_mode) != FileType::Directory {
            return self.remove(name);
        }
        let inner = self.own(name)?;
        for name in inner.names()? {
            inner.remove_while(&name, has_time)?;
        }
        self.remove_folder(name)
    }

    /// Makes what was made, moved and removed in it survive a power cut.
    pub fn sync(&self) -> io::Result<()> {
        Ok(fsync(self.listing()?.as_fd())?)
    }
}

impl From<Folder> for OwnedFd {
    fn from(folder: Folder) -> Self {
        folder.descriptor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn links_and_special_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        fs::create_dir(path.join("real")).unwrap();
        fs::write(path.join("real/file"), "text").unwrap();
        symlink("real", path.join("link")).unwrap();
        symlink("file", path.join("real/link")).unwrap();
        rustix::fs::mknodat(CWD, path.join("real/fifo"), FileType::Fifo, Mode::from_raw_mode(0o600), 0)
            .unwrap();
        let real = Folder::open(&path.join("real")).unwrap();
        assert_eq!(real.read(OsStr::new("file"), 4).unwrap(), b"text");
        for name in ["link", "fifo", "none"] {
            assert!(real.open_file(OsStr::new(name)).is_err(), "{name}");
            assert!(real.open_to_write(OsStr::new(name)).is_err(), "{name}");
        }
        let error = Folder::open(&path.join("link")).unwrap_err().to_string();
        assert!(error.ends_with("/link cannot be followed"), "{error}");
        assert!(Folder::open(&path.join("real/../real")).is_err());
        assert!(real.create(OsStr::new("link")).is_err());
    }

    #[test]
    fn what_is_made_is_private_from_the_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let here = Folder::open(&folder.path().canonicalize().unwrap()).unwrap();
        let made = here.make(OsStr::new("new")).unwrap();
        made.create(OsStr::new("file")).unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("new"), mode("new/file")), (0o700, 0o600));
        assert!(here.make(OsStr::new("new")).is_err());
        made.share(0o750, None).unwrap();
        assert_eq!(mode("new"), 0o750);
        here.remove_all(OsStr::new("new")).unwrap();
        assert!(here.names().unwrap().is_empty());
        if rustix::process::geteuid().is_root() {
            fs::create_dir(folder.path().join("new")).unwrap();
            std::os::unix::fs::chown(folder.path().join("new"), Some(977), None).unwrap();
            assert!(here.own(OsStr::new("new")).is_err() && here.remove_all(OsStr::new("new")).is_err());
        }
    }
}
