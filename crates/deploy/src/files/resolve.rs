//! Where a path leads: symbolic links are followed inside a root, and whoever could lead root elsewhere is named.

use caddyctl_language::source::shown;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, openat, readlinkat, statat};
use rustix::io::Errno;

use super::folder::Folder;

/// More symbolic links than this on one way are a loop, as for the kernel (`path_resolution`(7)).
const MOST_LINKS: usize = 40;

/// What is done with a symbolic link that is the last part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// It is followed.
    Follow,
    /// It is what the path means.
    Keep,
}

/// A symbolic link that is not followed: another user may change it at any time, or where it leads is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untrusted {
    /// The link.
    pub link: PathBuf,
    /// Its owner.
    pub uid: u32,
}

impl Untrusted {
    /// Whether it is another user's.
    pub fn is_foreign(&self) -> bool {
        !is_trusted(self.uid)
    }
}

impl std::error::Error for Untrusted {}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { link, uid } = self;
        if self.is_foreign() {
            let link = shown::path(link);
            return write!(
                f,
                "the symbolic link {link} belongs to user {uid}, who could lead this to any file"
            );
        }
        write!(f, "the symbolic link {} cannot be followed", shown::path(link))
    }
}

impl From<Untrusted> for io::Error {
    fn from(error: Untrusted) -> Self {
        Self::other(error)
    }
}

/// A file or folder that somebody else put where one of root's is expected; it says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Foreign(pub String);

impl From<Foreign> for io::Error {
    fn from(error: Foreign) -> Self {
        Self::other(error)
    }
}

/// Where a path leads.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The path for this process, without symbolic links; only the last part may be one, with [`Last::Keep`].
    pub path: PathBuf,
    /// Whether something is there.
    pub exists: bool,
    /// The links that were followed and that neither root nor the user of this process owns.
    pub untrusted: Vec<Untrusted>,
    /// The last link that was followed.
    followed: Option<PathBuf>,
    /// The path up to the first of them, without links before it, and what would have followed.
    barred: Option<PathBuf>,
}

impl Resolved {
    /// The error for a path at which nothing is.
    pub fn missing(&self) -> io::Error {
        dangling(self.followed.as_deref(), &self.path)
    }

    /// The path; one that stops at the first link that is not to be trusted, and cannot be opened, where there is such a link.
    pub fn openable(self) -> PathBuf {
        self.barred.unwrap_or(self.path)
    }

    /// The path, where nobody else decides where it leads.
    pub fn trusted(self) -> Result<PathBuf, Untrusted> {
        match self.untrusted.into_iter().next() {
            None => Ok(self.path),
            Some(link) => Err(link),
        }
    }
}

/// Whether files of the user `uid` are as good as our own: root's and those of the user of this process.
pub fn is_trusted(uid: u32) -> bool {
    uid == 0 || uid == rustix::process::geteuid().as_raw()
}

/// Where `path` leads below `root`. Absolute links start again at `root`, and `..` stops there, as in a `chroot`(2).
/// What does not exist yet is kept as it is. On the way to `root` no link is followed.
///
/// # Errors
///
/// What the system says of a folder that cannot be looked at; a loop of links.
pub fn resolve(root: &Path, path: &Path, last: Last) -> io::Result<Resolved> {
    let top = match Folder::open(root) {
        // It will be made, and nothing is in it yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let names: Vec<OsString> = parts(path).collect();
            if names.iter().any(|name| name == "..") {
                return Err(error);
            }
            let path = below(root, &names);
            return Ok(Resolved { path, exists: false, untrusted: Vec::new(), followed: None, barred: None });
        }
        found => found?,
    };
    let mut folders: Vec<OwnedFd> = vec![top.into()];
    let mut names: Vec<OsString> = Vec::new();
    let mut ahead: VecDeque<OsString> = parts(path).collect();
    let (mut links, mut exists, mut untrusted, mut barred) = (0, true, Vec::new(), None);
    let mut followed: Option<PathBuf> = None;
    while let Some(part) = ahead.pop_front() {
        if part == ".." {
            folders.truncate(folders.len().saturating_sub(1).max(1));
            names.pop();
            continue;
        }
        let Some(folder) = folders.last() else { break };
        let found = match statat(folder, &part, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => {
                if ahead.iter().any(|part| part == "..") {
                    let missing = below(root, &names).join(&part);
                    return Err(dangling(followed.as_deref(), &missing));
                }
                names.push(part);
                names.extend(ahead);
                exists = false;
                break;
            }
            found => found?,
        };
        match FileType::from_raw_mode(found.st_mode) {
            FileType::Symlink if !ahead.is_empty() || last == Last::Follow => {
                links += 1;
                if links > MOST_LINKS {
                    return Err(io::Error::other("too many symbolic links"));
                }
                if !is_trusted(found.st_uid) {
                    let link = below(root, &names).join(&part);
                    barred = barred.or_else(|| Some(below(&link, ahead.make_contiguous())));
                    untrusted.push(Untrusted { link, uid: found.st_uid });
                }
                followed = Some(below(root, &names).join(&part));
                let to = readlinkat(folder, &part, Vec::new())?;
                let to = PathBuf::from(OsString::from_vec(to.into_bytes()));
                if to.is_absolute() {
                    folders.truncate(1);
                    names.clear();
                }
                let mut joined: VecDeque<OsString> = parts(&to).collect();
                joined.append(&mut ahead);
                ahead = joined;
            }
            FileType::Directory => {
                let inner = openat(folder, &part, FOLDER.union(OFlags::NOFOLLOW), Mode::empty())?;
                folders.push(inner);
                names.push(part);
            }
            _ if ahead.is_empty() => names.push(part),
            _ => return Err(io::ErrorKind::NotADirectory.into()),
        }
    }
    Ok(Resolved { path: below(root, &names), exists, untrusted, followed, barred })
}

/// The error where nothing is at `path`, to which the link `followed` may have led.
fn dangling(followed: Option<&Path>, path: &Path) -> io::Error {
    let Some(link) = followed else { return Errno::NOENT.into() };
    let words = format!(
        "the symbolic link {} leads to {}, which does not exist",
        shown::path(link),
        shown::path(path)
    );
    io::Error::new(io::ErrorKind::NotFound, words)
}

/// A descriptor to start from, which needs no right to list the folder.
pub(crate) const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

fn below(root: &Path, names: &[OsString]) -> PathBuf {
    names.iter().fold(root.to_owned(), |path, name| path.join(name))
}

/// The names in a path, and `..`.
fn parts(path: &Path) -> impl DoubleEndedIterator<Item = OsString> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{lchown, symlink};

    #[test]
    fn links_stay_inside_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("srv/site")).unwrap();
        fs::create_dir(root.join("etc")).unwrap();
        symlink("/srv/site", root.join("etc/absolute")).unwrap();
        symlink("../../../../../srv", root.join("etc/relative")).unwrap();
        symlink("loop", root.join("etc/loop")).unwrap();
        let at =
            |path: &str, last| resolve(&root, Path::new(path), last).map(|found| (found.path, found.exists));
        let below = |path: &str| root.join(path);
        assert_eq!(at("/etc/absolute/a", Last::Follow).unwrap(), (below("srv/site/a"), false));
        assert_eq!(at("/etc/relative/site", Last::Follow).unwrap(), (below("srv/site"), true));
        assert_eq!(at("/etc/absolute", Last::Keep).unwrap(), (below("etc/absolute"), true));
        assert_eq!(at("/../../etc/x/y", Last::Follow).unwrap(), (below("etc/x/y"), false));
        let missing = resolve(&root.join("none"), Path::new("/etc/x"), Last::Follow).unwrap();
        assert_eq!((missing.path, missing.exists), (root.join("none/etc/x"), false));
        symlink(&root, root.join("again")).unwrap();
        assert!(resolve(&root.join("again"), Path::new("/etc"), Last::Follow).is_err());
        symlink("../none/../x", root.join("etc/dangling")).unwrap();
        let error = at("/etc/dangling", Last::Follow).unwrap_err();
        let expected = format!(
            "the symbolic link {} leads to {}, which does not exist",
            below("etc/dangling").display(),
            below("none").display()
        );
        assert_eq!((error.kind(), error.to_string()), (io::ErrorKind::NotFound, expected));
        assert!(at("/etc/loop", Last::Follow).is_err() && at("/etc/x/../../y", Last::Follow).is_err());
    }

    #[test]
    fn whose_links_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().canonicalize().unwrap().join("link");
        symlink("/etc/hostname", &link).unwrap();
        let found = resolve(Path::new("/"), &link, Last::Follow).unwrap();
        assert_eq!(found.trusted().unwrap(), Path::new("/etc/hostname"));
        if rustix::process::geteuid().is_root() {
            lchown(&link, Some(977), None).unwrap();
            let found = resolve(Path::new("/"), &link, Last::Follow).unwrap();
            assert_eq!(found.clone().openable(), link);
            assert_eq!(found.trusted(), Err(Untrusted { link: link.clone(), uid: 977 }));
            assert!(resolve(Path::new("/"), &link, Last::Keep).unwrap().trusted().is_ok());
        }
    }
}
