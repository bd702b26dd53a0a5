//! The disk as a deploy reads it: regular files only, up to a limit, inside a root, and past no link that somebody else
//! could point at a file which that user may not read.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::resolve::{Last, Resolved, resolve};
use caddyctl_host::regular;
use caddyctl_language::source::Loader;

/// The bytes of the regular file at `path` below `root`, at most `most` of them. Links are followed inside `root`; one
/// that neither root nor the user of this process owns, only to a file of the link's own owner.
pub fn read(root: &Path, path: &Path, most: u64) -> io::Result<Vec<u8>> {
    regular::read_from(open(root, path)?, most)
}

/// Opens the same for reading.
pub fn open(root: &Path, path: &Path) -> io::Result<File> {
    let found = resolve(root, path, Last::Follow)?;
    if !found.exists {
        return Err(found.missing());
    }
    let (folder, name) = Folder::of(&found.path)?;
    let file = folder.open_file(name)?;
    let metadata = file.metadata()?;
    belongs_to_linker(&found, metadata.uid())?;
    folder.expect_unplanted(&metadata)?;
    Ok(file)
}

/// The same as text.
pub fn read_text(root: &Path, path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(root, path, most)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// The names in the folder at `path` below `root`.
pub fn list(root: &Path, path: &Path) -> io::Result<Vec<String>> {
    let found = resolve(root, path, Last::Follow)?;
    let folder = Folder::open(&found.path)?;
    belongs_to_linker(&found, folder.metadata()?.st_uid)?;
    Ok(folder.names()?.into_iter().filter_map(|name| name.into_string().ok()).collect())
}

/// Whether something, which may be a link, is at `path` below `root`.
pub fn exists(root: &Path, path: &Path) -> bool {
    resolve(root, path, Last::Keep).is_ok_and(|found| found.exists)
}

/// A user's own link to a file of the same user shows nothing that the user could not see.
fn belongs_to_linker(found: &Resolved, uid: u32) -> io::Result<()> {
    match found.untrusted.iter().find(|link| link.uid != uid) {
        None => Ok(()),
        Some(link) => Err(link.clone().into()),
    }
}

/// A loader of files below a root; its paths are those of this process.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
    base: PathBuf,
}

impl Disk {
    /// The files below `root`, on the way to which there are no links; relative paths start at `base`.
    pub fn new(root: &Path, base: impl Into<PathBuf>) -> Self {
        Self { root: root.to_owned(), base: base.into() }
    }

    fn inside<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

impl Loader for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read(&self.root, self.inside(path), regular::MOST)
    }

    fn list(&self, path: &Path) -> Vec<String> {
        list(&self.root, self.inside(path)).unwrap_or_default()
    }

    fn exists(&self, path: &Path) -> bool {
        exists(&self.root, self.inside(path))
    }

    fn base(&self) -> &Path {
        &self.base
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};

    #[test]
    fn a_link_of_somebody_else_leads_to_that_users_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::write(root.join("roots"), "root's").unwrap();
        fs::write(root.join("users"), "user's").unwrap();
        symlink("roots", root.join("a")).unwrap();
        symlink("users", root.join("b")).unwrap();
        let text = |name: &str| read_text(&root, Path::new(name), 100).map_err(|error| error.to_string());
        assert_eq!(text("a").unwrap(), "root's");
        if rustix::process::geteuid().is_root() {
            for name in ["a", "b"] {
                lchown(root.join(name), Some(977), None).unwrap();
            }
            chown(root.join("users"), Some(977), None).unwrap();
            assert!(text("a").unwrap_err().contains("belongs to user 977"), "{:?}", text("a"));
            assert_eq!(text("b").unwrap(), "user's");
            fs::hard_link(root.join("roots"), root.join("c")).unwrap();
            assert_eq!(text("c").unwrap(), "root's");
            for (owner, mode, is_planted) in [(977, 0o755, true), (0, 0o777, true), (0, 0o755, false)] {
                chown(&root, Some(owner), None).unwrap();
                fs::set_permissions(&root, fs::Permissions::from_mode(mode)).unwrap();
                assert_eq!(text("c").is_err(), is_planted, "{owner} {mode:o}");
                assert_eq!(text("users").unwrap(), "user's");
            }
        }
    }

    #[test]
    fn a_root_is_not_left() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path(), "/");
        symlink("/etc/hostname", folder.path().join("link")).unwrap();
        assert_eq!(disk.read(&folder.path().join("link")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(disk.exists(&folder.path().join("link")));
        assert_eq!(disk.list(folder.path()), ["link"]);
    }
}
