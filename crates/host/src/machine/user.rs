//! Who Caddy runs as, and what the permissions on disk let that user do.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use crate::os;

/// A user of this machine, by numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's number; 0 is root, who may do everything.
    pub id: u32,
    /// The numbers of all groups that the user is in.
    pub groups: Vec<u32>,
}

const READ: u32 = 4;
const WRITE: u32 = 2;
const ENTER: u32 = 1;

impl User {
    /// Whether the user could read the file at `path`.
    pub(super) fn can_read(&self, path: &Path) -> io::Result<()> {
        self.can_reach(path)?;
        self.may(&path.metadata()?, READ)
    }

    /// Whether the user could append to the file at `path`, which may be missing together with its folders.
    pub(super) fn can_append(&self, path: &Path) -> io::Result<()> {
        self.can_reach(path)?;
        if let Ok(found) = path.metadata() {
            return self.may(&found, WRITE);
        }
        let folder = path.ancestors().skip(1).find_map(|folder| folder.metadata().ok());
        folder.map_or(Ok(()), |folder| self.may(&folder, WRITE | ENTER))
    }

    /// Every folder above must let the user through.
    fn can_reach(&self, path: &Path) -> io::Result<()> {
        for folder in path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            if let Ok(found) = folder.metadata() {
                self.may(&found, ENTER)?;
            }
        }
        Ok(())
    }

    fn may(&self, found: &Metadata, wanted: u32) -> io::Result<()> {
        let shift = if os::owner(found) == Some(self.id) {
            6
        } else if os::group(found).is_some_and(|group| self.groups.contains(&group)) {
            3
        } else {
            0
        };
        let allowed = self.id == 0 || (os::mode(found) >> shift) & wanted == wanted;
        if allowed { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}
