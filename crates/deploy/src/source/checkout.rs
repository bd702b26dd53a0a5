//! The folder that a deploy reads its source from. It may belong to another user than the one who deploys, and its links
//! may lead anywhere: nothing that only root may read gets from a link into the served configuration or into a report.
//!
//! Paths are walked by descriptors, one name after the other, so that nothing changes between a look and its use.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, readlinkat};
use rustix::io::Errno;

use caddyctl_host::regular;
use caddyctl_language::source::{Loader, shown};

/// As many links as Linux follows on one path.
const MOST_LINKS: usize = 40;

/// The files of a folder, as a [`Loader`]. Links within the folder are followed. One that leads out of it is followed
/// where it belongs to root or to the user who deploys, in a folder that does too, and where everybody may read the file.
#[derive(Debug)]
pub struct Checkout {
    base: PathBuf,
    folder: PathBuf,
    top: OwnedFd,
    top_stat: Stat,
    /// The user who deploys, by number.
    user: u32,
    refused: Mutex<Option<String>>,
}

/// What is at a path.
struct Found {
    /// The folder that it is in.
    parent: OwnedFd,
    name: OsString,
    stat: Stat,
    /// The link that leads out of the source, when it lies outside.
    outside: Option<Outside>,
}

/// A link that leads out of the source.
#[derive(Clone)]
struct Outside {
    /// The link that leads out, as the source has it.
    link: PathBuf,
    /// Whether somebody who may read anything has made the link.
    is_trusted: bool,
    /// Whether everybody may go there.
    is_open: bool,
}

impl Checkout {
    /// The folder at `folder`; links on the way to it are followed, which is what was asked for. `base` is the folder that
    /// relative paths start from, `user` the number of the user who deploys.
    ///
    /// # Errors
    ///
    /// A folder that cannot be opened.
    pub fn open(base: impl Into<PathBuf>, folder: &Path, user: u32) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let top = openat(CWD, folder, flags, Mode::empty())?;
        let top_stat = fstat(&top)?;
        let folder = caddyctl_language::expand::join(folder, "");
        Ok(Self { base: base.into(), folder, top, top_stat, user, refused: Mutex::default() })
    }

    /// The folder, as its files are named.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Walks to `path`. `is_followed` says whether a link at its end is followed.
    fn walk(&self, path: &Path, is_followed: bool) -> io::Result<Found> {
        let inside = path.strip_prefix(&self.folder).map_err(|_| io::ErrorKind::NotFound)?;
        let mut todo: VecDeque<OsString> = names(inside);
        // The folders from the top of the source, or from where the way leads outside.
        let mut folders = vec![self.top.try_clone()?];
        let mut outside: Option<Outside> = None;
        // The last link of the source.
        let mut last: Option<Outside> = None;
        // Where in the source the way is, for what is reported about a link.
        let mut place = PathBuf::new();
        let mut links = 0;
        loop {
            let Some(parent) = folders.last() else { return Err(Errno::LOOP.into()) };
            let Some(name) = todo.pop_front() else {
                return Ok(Found {
                    parent: parent.try_clone()?,
                    name: ".".into(),
                    stat: fstat(parent)?,
                    outside,
                });
            };
            if name == ".." {
                if outside.is_none() && folders.len() > 1 {
                    folders.pop();
                    place.pop();
                    continue;
                }
                // The path itself has no `..`: only a link can lead out.
                let way = outside.take().or_else(|| last.clone()).ok_or(io::ErrorKind::NotFound)?;
                let above = folder_at(parent, OsStr::new(".."))?;
                let stat = fstat(&above)?;
                outside = Some(Outside { is_open: way.is_open && stat.st_mode & 0o1 != 0, ..way });
                folders = vec![above];
                continue;
            }
            let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let there = openat(parent, &*name, flags, Mode::empty())?;
            let stat = fstat(&there)?;
            match FileType::from_raw_mode(stat.st_mode) {
                FileType::Symlink if is_followed || !todo.is_empty() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Errno::LOOP.into());
                    }
                    let target = readlinkat(&there, c"", Vec::new())?;
                    let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
                    if outside.is_none() {
                        last = Some(self.outside(&place.join(&name), &stat, &fstat(parent)?));
                    }
                    if target.is_absolute() {
                        outside = outside.or_else(|| last.clone());
                        folders = vec![openat(CWD, "/", flags | OFlags::DIRECTORY, Mode::empty())?];
                    }
                    let rest = std::mem::take(&mut todo);
                    todo = names(&target).into_iter().chain(rest).collect();
                }
                FileType::Directory => {
                    if (stat.st_dev, stat.st_ino) == (self.top_stat.st_dev, self.top_stat.st_ino) {
                        // A link led back into the source.
                        (outside, place) = (None, PathBuf::new());
                        folders = vec![there];
                        continue;
                    }
                    match &mut outside {
                        Some(way) => way.is_open &= stat.st_mode & 0o1 != 0,
                        None => place.push(&name),
                    }
                    folders.push(there);
                }
                _ if todo.is_empty() => {
                    return Ok(Found { parent: parent.try_clone()?, name, stat, outside });
                }
                _ => return Err(Errno::NOTDIR.into()),
            }
        }
    }

    /// What leads out over the link at `link`, which lies in `folder`.
    fn outside(&self, link: &Path, stat: &Stat, folder: &Stat) -> Outside {
        let is_ours = |stat: &Stat| stat.st_uid == 0 || stat.st_uid == self.user;
        let is_trusted = is_ours(stat) && is_ours(folder) && is_ours(&self.top_stat);
        Outside { link: link.to_owned(), is_trusted, is_open: true }
    }

    /// Whether what was found may be read: it lies in the source, or a link of somebody who may read anything leads to
    /// what everybody may read.
    fn may_read(&self, found: &Found) -> io::Result<()> {
        let is_for_all = found.stat.st_mode & 0o4 != 0;
        let reason = match &found.outside {
            Some(way) if !way.is_trusted => format!(
                "the link {} leads out of the source, and does not belong to root or the deploying user",
                shown::path(&way.link)
            ),
            Some(way) if !way.is_open || !is_for_all || is_of_kernel(&found.parent) => format!(
                "the link {} leads out of the source, to a file that not everybody may read",
                shown::path(&way.link)
            ),
            // A hard link to a file of somebody else, which the owner of the source could not read.
            None if found.stat.st_nlink > 1
                && !is_for_all
                && FileType::from_raw_mode(found.stat.st_mode) == FileType::RegularFile
                && found.stat.st_uid != self.top_stat.st_uid
                && self.top_stat.st_uid != self.user =>
            {
                format!("{} is a hard link to a file of another user", shown::path(Path::new(&found.name)))
            }
            _ => return Ok(()),
        };
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| reason.clone());
        Err(io::Error::new(io::ErrorKind::PermissionDenied, reason))
    }
}

impl Loader for Checkout {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.walk(path, true)?;
        self.may_read(&found)?;
        let kind = FileType::from_raw_mode(found.stat.st_mode);
        if kind == FileType::Directory {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let special = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
        if kind != FileType::RegularFile {
            return Err(special());
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = openat(&found.parent, &*found.name, flags, Mode::empty())?;
        let stat = fstat(&file)?;
        if (stat.st_dev, stat.st_ino, stat.st_mode)
            != (found.stat.st_dev, found.stat.st_ino, found.stat.st_mode)
        {
            return Err(io::Error::other("it was replaced while caddyctl read it"));
        }
        regular::read_from(File::from(file), regular::MOST)
    }

    fn list(&self, path: &Path) -> Vec<String> {
        let names = || -> io::Result<Vec<String>> {
            let found = self.walk(path, true)?;
            self.may_read(&found)?;
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let folder = openat(&found.parent, &*found.name, flags, Mode::empty())?;
            let entries = Dir::read_from(&folder)?.filter_map(Result::ok);
            let names = entries.map(|entry| entry.file_name().to_bytes().to_owned());
            let names = names.filter(|name| name != b"." && name != b"..");
            Ok(names.filter_map(|name| String::from_utf8(name).ok()).collect())
        };
        names().unwrap_or_default()
    }

    fn exists(&self, path: &Path) -> bool {
        if path.starts_with(&self.folder) {
            self.walk(path, false).is_ok()
        } else {
            // Whether an import leads out of the source; nothing there is read.
            path.symlink_metadata().is_ok()
        }
    }

    fn base(&self) -> &Path {
        &self.base
    }

    fn refused(&self) -> Option<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The names of a path, with `..` for the folder above.
fn names(path: &Path) -> VecDeque<OsString> {
    let name = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    };
    path.components().filter_map(name).collect()
}

fn folder_at(parent: &OwnedFd, name: &OsStr) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(parent, name.as_bytes(), flags, Mode::empty())?)
}

/// Whether a folder is one of `/proc` or `/sys` (statfs(2)): what stands there is no file of anybody.
fn is_of_kernel(folder: &OwnedFd) -> bool {
    rustix::fs::fstatfs(folder).is_ok_and(|found| [0x9fa0, 0x6265_6572].contains(&found.f_type))
}

#[cfg(test)]
mod tests;
