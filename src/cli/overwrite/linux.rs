//! Replacing a file's text on Linux: all else of the file stays: owner, mode, access control list, other extended
//! attributes, its hard links, and the symbolic links that lead to it.
//!
//! The new text is written to a file without a name, which gets one only to be renamed at once. Where a system has no such
//! files, or the program is killed between both steps, a file `.NAME.caddyctl-new` is left; the next run that writes NAME
//! removes it. A file of several names, or whose attributes only another user may set, is written in place.

use std::fs::{File, Metadata, Permissions};
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FallocateFlags, FlockOperation, Mode, OFlags};

use super::Outcome;

mod attributes;

/// A file, by its name in an open folder.
struct Target {
    folder: OwnedFd,
    name: PathBuf,
    file: File,
    metadata: Metadata,
}

/// Replaces the text `old` of the file `real`, a path without links.
pub fn replace(real: &Path, old: &[u8], new: &[u8]) -> io::Result<Outcome> {
    Target::open(real)?.replace(old, new)
}

impl Target {
    /// Opens the file `real`, a path without links, and none of it is followed that has become one.
    fn open(real: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut folder = rustix::fs::openat(CWD, "/", flags, Mode::empty())?;
        for part in real.parent().into_iter().flat_map(Path::components) {
            if let Component::Normal(name) = part {
                folder = rustix::fs::openat(&folder, name, flags, Mode::empty())?;
            }
        }
        let name = PathBuf::from(real.file_name().ok_or(io::ErrorKind::IsADirectory)?);
        // A FIFO or device must not be opened at all, and the name may lead to another file since: look twice.
        let is_regular = |mode| rustix::fs::FileType::from_raw_mode(mode).is_file();
        let found = rustix::fs::statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW)?;
        let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        if !is_regular(found.st_mode) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        // A rename needs no right to write the file, so a read-only file would be replaced: ask for the right here.
        let file = File::from(rustix::fs::openat(&folder, &name, flags, Mode::empty())?);
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        Ok(Self { folder, name, file, metadata })
    }

    fn replace(&self, old: &[u8], new: &[u8]) -> io::Result<Outcome> {
        if !self.still_has(old)? {
            return Ok(Outcome::Changed);
        }
        let staged = if self.metadata.nlink() == 1 { self.stage(new) } else { None };
        let Some(staged) = staged else { return self.write_in_place(old, new) };
        let hidden = self.hidden();
        if !staged.has_name {
            match self.give_name(&staged.file, &hidden) {
                Ok(true) => {}
                Ok(false) => return Ok(Outcome::Busy),
                // The name is too long, or `/proc` is not mounted.
                Err(_) => return self.write_in_place(old, new),
            }
        }
        let outcome = if self.still_has(old)? {
            let renamed = rustix::fs::renameat(&self.folder, &hidden, &self.folder, &self.name);
            renamed.map(|()| Outcome::Written).map_err(io::Error::from)
        } else {
            Ok(Outcome::Changed)
        };
        if matches!(outcome, Ok(Outcome::Written)) {
            self.sync_folder();
            return outcome;
        }
        let _ = rustix::fs::unlinkat(&self.folder, &hidden, AtFlags::empty());
        match outcome {
            // The folder does not allow it, for example one like /tmp.
            Err(_) => self.write_in_place(old, new),
            other => other,
        }
    }

    /// Whether the name still leads to the file that was opened, with the text `old`, unchanged since it was opened.
    fn still_has(&self, old: &[u8]) -> io::Result<bool> {
        let before = self.file.metadata()?;
        let mut text = vec![0; old.len()];
        let has_text = before.len() == old.len() as u64
            && match self.file.read_exact_at(&mut text, 0) {
                Ok(()) => text == old,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => false,
                Err(error) => return Err(error),
            };
        // Reading takes a moment, in which it may have been written again.
        let after = self.file.metadata()?;
        let times = |found: &Metadata| (found.len(), found.mtime(), found.mtime_nsec());
        let named = rustix::fs::statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW)?;
        let is_same = (named.st_dev, named.st_ino) == (after.dev(), after.ino());
        Ok(has_text && is_same && times(&before) == times(&after))
    }

    /// A new file with the new text and all attributes of the old one; `None` when it cannot be in the folder or cannot
    /// have them.
    fn stage(&self, text: &[u8]) -> Option<Staged> {
        let flags = OFlags::RDWR | OFlags::CLOEXEC;
        let private = Mode::from_raw_mode(0o600);
        let staged = match rustix::fs::openat(&self.folder, ".", flags | OFlags::TMPFILE, private) {
            Ok(file) => Staged { file: File::from(file), has_name: false },
            Err(_) => Staged { file: self.named_file()?, has_name: true },
        };
        let filled = self.fill(&staged.file, text);
        if filled.is_err() && staged.has_name {
            let _ = rustix::fs::unlinkat(&self.folder, self.hidden(), AtFlags::empty());
        }
        filled.is_ok().then_some(staged)
    }

    fn fill(&self, mut file: &File, text: &[u8]) -> io::Result<()> {
        let (new, old) = (file.metadata()?, &self.metadata);
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            fchown(file, Some(old.uid()), Some(old.gid()))?;
        }
        file.write_all(text)?;
        attributes::copy(&self.file, file)?;
        // Last, since a new owner or text takes the setuid bit away, and a list of access changes the group's bits.
        file.set_permissions(mode(old))?;
        file.sync_all()
    }

    /// The name that the new file has for a moment. No `import` with `*` takes a hidden file.
    fn hidden(&self) -> PathBuf {
        let mut name = b".".to_vec();
        name.extend(self.name.as_os_str().as_bytes());
        name.extend(b".caddyctl-new");
        PathBuf::from(std::ffi::OsStr::from_bytes(&name))
    }

    /// Gives the file its name for a moment; `false` when another run has it. What a killed run left is removed.
    fn give_name(&self, file: &File, hidden: &Path) -> io::Result<bool> {
        lock(file.as_fd())?;
        let own = format!("/proc/self/fd/{}", file.as_raw_fd());
        let link = || rustix::fs::linkat(CWD, &own, &self.folder, hidden, AtFlags::SYMLINK_FOLLOW);
        match link() {
            Err(rustix::io::Errno::EXIST) if self.remove_left_over(hidden)? => Ok(link().map(|()| true)?),
            Err(rustix::io::Errno::EXIST) => Ok(false),
            other => Ok(other.map(|()| true)?),
        }
    }

    /// A new file that has its name from the start, for systems without files that have none.
    fn named_file(&self) -> Option<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let hidden = self.hidden();
        let create = || rustix::fs::openat(&self.folder, &hidden, flags, Mode::from_raw_mode(0o600));
        let file = match create() {
            Err(rustix::io::Errno::EXIST) if self.remove_left_over(&hidden).ok()? => create().ok()?,
            other => other.ok()?,
        };
        lock(file.as_fd()).ok()?;
        Some(File::from(file))
    }

    /// Removes a file that a killed run left, which is one that no process holds; `false` when a process does.
    fn remove_left_over(&self, hidden: &Path) -> io::Result<bool> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        if let Ok(file) = rustix::fs::openat(&self.folder, hidden, flags, Mode::empty())
            && lock(file.as_fd()).is_err()
        {
            return Ok(false);
        }
        rustix::fs::unlinkat(&self.folder, hidden, AtFlags::empty())?;
        Ok(true)
    }

    /// Writes over the file itself. A crash may leave a part of the new text.
    fn write_in_place(&self, old: &[u8], new: &[u8]) -> io::Result<Outcome> {
        // Room first, so that a full disk leaves the old text. Not every file system knows.
        let length = new.len() as u64;
        let room = rustix::fs::fallocate(&self.file, FallocateFlags::KEEP_SIZE, 0, length.max(1));
        if let Err(full @ (rustix::io::Errno::NOSPC | rustix::io::Errno::DQUOT)) = room {
            return Err(full.into());
        }
        if !self.still_has(old)? {
            return Ok(Outcome::Changed);
        }
        self.file.write_all_at(new, 0)?;
        self.file.set_len(length)?;
        // Writing takes the setuid bit away.
        if self.file.metadata()?.mode() != self.metadata.mode() {
            self.file.set_permissions(mode(&self.metadata))?;
        }
        self.file.sync_all()?;
        Ok(Outcome::Written)
    }

    /// Makes the rename last. A folder that may not be read cannot be synced; the system does it within seconds.
    fn sync_folder(&self) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        if let Ok(folder) = rustix::fs::openat(&self.folder, ".", flags, Mode::empty()) {
            let _ = rustix::fs::fsync(folder);
        }
    }
}

/// A new file that is to become the old one.
struct Staged {
    file: File,
    has_name: bool,
}

fn lock(file: BorrowedFd) -> io::Result<()> {
    Ok(rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive)?)
}

fn mode(metadata: &Metadata) -> Permissions {
    Permissions::from_mode(metadata.mode() & 0o7777)
}
