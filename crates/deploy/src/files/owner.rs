//! Who owns a deployed file, and whether the service may read it.

use std::fs::Metadata;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::disk;
use crate::process::run::run;
use caddyctl_host::regular;

/// The host's users.
const PASSWD: &str = "/etc/passwd";

/// The host's groups.
const GROUP: &str = "/etc/group";

/// Owner, group and mode of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// Numeric user; `None` leaves whoever writes it.
    pub uid: Option<u32>,
    /// Numeric group; `None` leaves that of whoever writes it.
    pub gid: Option<u32>,
    /// Permission bits.
    pub mode: u32,
}

impl Ownership {
    /// As the file that is there already has it.
    pub fn of(metadata: &Metadata) -> Self {
        let mode = metadata.permissions().mode() & 0o7777;
        Self { uid: Some(metadata.uid()), gid: Some(metadata.gid()), mode }
    }

    /// For a new configuration file: `root:caddy 0640` when the service, whose user is `reader` where that is known, has
    /// the group `caddy` of the host; else `0644`.
    pub fn of_new_config(root: &Path, reader: Option<&Reader>) -> Self {
        let has = |gid: &u32| reader.is_none_or(|reader| reader.uid == 0 || reader.gids.contains(gid));
        match group(root, "caddy").filter(has) {
            Some(gid) => Self { uid: None, gid: Some(gid), mode: 0o640 },
            None => Self::plain(0o644),
        }
    }

    /// Owned by whoever writes it.
    pub fn plain(mode: u32) -> Self {
        Self { uid: None, gid: None, mode }
    }
}

/// The number of the group `name` in `etc/group` below `root`.
fn group(root: &Path, name: &str) -> Option<u32> {
    let text = disk::read_text(root, Path::new(GROUP), regular::MOST).ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok())?
    })
}

/// A user as the kernel checks permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Numeric user.
    pub uid: u32,
    /// Numeric groups, the first one and the others.
    pub gids: Vec<u32>,
}

impl Reader {
    /// The user `name` of `etc/passwd` and `etc/group` below `root`.
    pub fn named(root: &Path, name: &str) -> Option<Self> {
        let users = disk::read_text(root, Path::new(PASSWD), regular::MOST).ok()?;
        let fields: Vec<&str> =
            users.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|f| f[0] == name)?;
        let uid = fields.get(2)?.parse().ok()?;
        let mut gids = vec![fields.get(3)?.parse().ok()?];
        let groups = disk::read_text(root, Path::new(GROUP), regular::MOST).unwrap_or_default();
        gids.extend(groups.lines().filter_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            fields.get(3)?.split(',').any(|member| member == name).then(|| fields[2].parse::<u32>().ok())?
        }));
        Some(Self { uid, gids })
    }

    /// The user `name` of this machine, wherever its users are kept.
    pub fn of_this_machine(name: &str) -> Option<Self> {
        let ask = |what: &str| {
            let text = run(Path::new("id"), &[what, "--", name], Duration::from_secs(5)).ok()?;
            text.split_whitespace().map(|number| number.parse().ok()).collect::<Option<Vec<u32>>>()
        };
        Self::named(Path::new("/"), name).or_else(|| {
            Some(Self { uid: *ask("-u")?.first()?, gids: ask("-G").filter(|gids| !gids.is_empty())? })
        })
    }

    /// The name of the user `uid`, from `etc/passwd` below `root`.
    pub fn name_of(root: &Path, uid: u32) -> Option<String> {
        let users = disk::read_text(root, Path::new(PASSWD), regular::MOST).ok()?;
        let mut lines = users.lines().map(|line| line.split(':'));
        lines.find_map(|mut fields| {
            let name = fields.next()?;
            (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
        })
    }

    /// The home folder of the user `name`, from `etc/passwd` below `root`.
    pub fn home(root: &Path, name: &str) -> Option<String> {
        let users = disk::read_text(root, Path::new(PASSWD), regular::MOST).ok()?;
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        line.split(':').nth(5).map(str::to_owned)
    }

    /// Whether it may write a file, or change a folder, of this ownership.
    pub fn may_write(&self, file: Ownership) -> bool {
        self.allowed(file, 0o2)
    }

    /// Whether it may read a file of this ownership.
    pub fn may_read(&self, file: Ownership) -> bool {
        self.allowed(file, 0o4)
    }

    /// The first folder on the way to `path` that it may not enter.
    pub fn stopped_at<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.ancestors().skip(1).find(|folder| {
            folder.metadata().is_ok_and(|metadata| !self.allowed(Ownership::of(&metadata), 0o1))
        })
    }

    fn allowed(&self, file: Ownership, bit: u32) -> bool {
        if self.uid == 0 {
            return true;
        }
        let shift = if file.uid.unwrap_or(0) == self.uid {
            6
        } else if self.gids.contains(&file.gid.unwrap_or(0)) {
            3
        } else {
            0
        };
        file.mode >> shift & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn users_and_groups_of_a_root() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(Ownership::of_new_config(root.path(), None), Ownership::plain(0o644));
        fs::create_dir(root.path().join("etc")).unwrap();
        fs::write(root.path().join("etc/group"), "root:x:0:\ncaddy:x:998:\nweb:x:7:a,caddy\n").unwrap();
        fs::write(root.path().join("etc/passwd"), "root:x:0:0::/:\ncaddy:x:999:998::/:\n").unwrap();
        let new = Ownership::of_new_config(root.path(), None);
        assert_eq!(new, Ownership { uid: None, gid: Some(998), mode: 0o640 });
        let caddy = Reader::named(root.path(), "caddy").unwrap();
        assert_eq!(caddy, Reader { uid: 999, gids: vec![998, 7] });
        assert_eq!(Reader::name_of(root.path(), 999).as_deref(), Some("caddy"));
        assert_eq!(Reader::name_of(root.path(), 7), None);
        assert!(caddy.may_read(new));
        let other = Reader { uid: 7, gids: vec![7] };
        assert_eq!(Ownership::of_new_config(root.path(), Some(&other)), Ownership::plain(0o644));
        assert_eq!(Ownership::of_new_config(root.path(), Some(&caddy)), new);
        assert!(!caddy.may_read(Ownership { uid: Some(0), gid: Some(0), mode: 0o600 }));
    }
}
