//! A symbolic link of root's that leads into the folder of another user, such as a checkout: what it leads to is read, and
//! never written. A deploy puts a file in the place of the link.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::resolve::{Last, is_trusted, resolve};

/// A link that is replaced, and not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The link itself, for this process; on the way to it there is no other.
    pub path: PathBuf,
    /// Where it leads, as it is written.
    pub to: PathBuf,
}

impl Link {
    /// The link at `path` below `root`, where that is one which leads into a folder that another user can change; `None` where
    /// there is none, or one that leads to files of root or of the user of this process.
    ///
    /// # Errors
    ///
    /// What the system says of a folder that cannot be looked at.
    pub fn look(root: &Path, path: &Path) -> io::Result<Option<Self>> {
        let link = resolve(root, path, Last::Keep)?;
        if !link.exists || !link.untrusted.is_empty() {
            return Ok(None);
        }
        let (folder, name) = Folder::of(&link.path)?;
        let Some(to) = folder.read_link(name)? else { return Ok(None) };
        // Whoever may change a link may lead it anywhere; that one is refused, and not replaced.
        if !is_trusted(folder.look(name)?.st_uid) {
            return Ok(None);
        }
        let target = resolve(root, path, Last::Follow)?;
        let inside = |place: &&Path| place.starts_with(root);
        let is_foreign = |place: &Path| place.symlink_metadata().is_ok_and(|found| !is_trusted(found.uid()));
        let is_foreign = target.path.ancestors().take_while(inside).any(is_foreign);
        Ok(is_foreign.then_some(Self { path: link.path, to }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{chown, lchown, symlink};

    #[test]
    fn only_a_link_into_the_folder_of_another_user_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("home/site")).unwrap();
        fs::write(root.join("home/site/Caddyfile"), "x").unwrap();
        symlink("home/site/Caddyfile", root.join("link")).unwrap();
        let look = |name: &str| Link::look(&root, Path::new(name)).unwrap();
        assert_eq!((look("link"), look("home"), look("none")), (None, None, None));
        if rustix::process::geteuid().is_root() {
            chown(root.join("home"), Some(977), None).unwrap();
            let to = PathBuf::from("home/site/Caddyfile");
            assert_eq!(look("link"), Some(Link { path: root.join("link"), to }));
            symlink("home/site/new", root.join("dangling")).unwrap();
            assert!(look("dangling").is_some());
            lchown(root.join("link"), Some(977), None).unwrap();
            assert_eq!(look("link"), None);
        }
    }
}
