//! The places of one host: the installed Caddyfile, its folder, the state folder; all below a root.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::disk;
use super::resolve::{Last, Resolved, resolve};

/// The unit of Caddy's packages.
pub(crate) const STANDARD_UNIT: &str = "caddy.service";

/// The most folders between that of the Caddyfile and a file that is deployed.
pub const MOST_FOLDERS: usize = 64;

/// Where all states lie.
const STATE: &str = "/var/lib/caddyctl";

/// Where a deploy goes. Paths inside are those of the host; [`Host::on_disk`] puts them below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// What every path lies below: `/`, or the folder of `--root`.
    pub root: PathBuf,
    /// The installed Caddyfile: `/etc/caddy/Caddyfile`.
    pub caddyfile: PathBuf,
    /// The systemd unit: `caddy.service`.
    pub unit: String,
}

impl Host {
    /// The standard places of Caddy's packages, below `root`. Links on the way to an absolute `root` are followed here, once:
    /// one that is made later leads nowhere.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let found = if root.is_absolute() { resolve(Path::new("/"), &root, Last::Follow).ok() } else { None };
        Self {
            root: found.map_or(root, |found| found.path),
            caddyfile: PathBuf::from("/etc/caddy/Caddyfile"),
            unit: STANDARD_UNIT.to_owned(),
        }
    }

    /// The folder of the installed Caddyfile: imported files keep their layout below it.
    pub fn config_folder(&self) -> &Path {
        self.caddyfile.parent().unwrap_or(Path::new("/"))
    }

    /// The drop-in of the unit, where `systemctl edit` has it too.
    pub fn drop_in(&self) -> PathBuf {
        self.drop_ins().join("override.conf")
    }

    /// The drop-in next to one that somebody else wrote. systemd reads it first, so that the other one has the last word.
    pub fn own_drop_in(&self) -> PathBuf {
        self.drop_ins().join("50-caddyctl.conf")
    }

    fn drop_ins(&self) -> PathBuf {
        Path::new("/etc/systemd/system").join(format!("{}.d", self.unit))
    }

    /// The unit that keeps Caddy's watchdog quiet: `caddy-watchdog.service`.
    pub fn companion(&self) -> String {
        format!("{}-watchdog.service", self.unit.strip_suffix(".service").unwrap_or(&self.unit))
    }

    /// Where caddyctl keeps its lock, its journal and the past deployments; only its owner may look inside. Each unit has
    /// a history of its own.
    pub fn state_folder(&self) -> PathBuf {
        let all = Path::new(STATE);
        self.real(&match self.unit.as_str() {
            STANDARD_UNIT => all.to_owned(),
            other => all.join(other.strip_suffix(".service").unwrap_or(other)),
        })
    }

    /// The folder with the states of all units.
    pub(crate) fn all_states(&self) -> PathBuf {
        self.real(Path::new(STATE))
    }

    /// Whether `path` lies more than [`MOST_FOLDERS`] folders below that of the Caddyfile.
    pub(crate) fn is_too_deep(&self, path: &Path) -> bool {
        let below = path.strip_prefix(self.config_folder());
        below.is_ok_and(|below| below.components().count() > MOST_FOLDERS + 1)
    }

    /// The error for such a path.
    pub(crate) fn too_deep(&self) -> io::Error {
        let folder = self.config_folder().display();
        io::Error::new(
            io::ErrorKind::InvalidFilename,
            format!("it is more than {MOST_FOLDERS} folders below {folder}"),
        )
    }

    /// Where `path` of the host lies for this process. Symbolic links on the way are followed inside the root; the last
    /// part may be one. A link that is not to be trusted stays in the path, which cannot be opened then.
    pub fn on_disk(&self, path: &Path) -> PathBuf {
        self.find(path, Last::Keep)
    }

    /// The same, with the last part followed as well.
    pub fn real(&self, path: &Path) -> PathBuf {
        self.find(path, Last::Follow)
    }

    fn find(&self, path: &Path, last: Last) -> PathBuf {
        resolve(&self.root, path, last).map_or_else(|_| self.below(path), Resolved::openable)
    }

    /// The path as it is written, below the root.
    fn below(&self, path: &Path) -> PathBuf {
        let mut names = Vec::new();
        for part in path.components() {
            match part {
                Component::Normal(name) => names.push(name),
                Component::ParentDir => drop(names.pop()),
                _ => {}
            }
        }
        names.into_iter().fold(self.root.clone(), |path, name| path.join(name))
    }

    /// `path` of this process, without links but for its last part, when it lies below the root.
    pub(crate) fn confined(&self, path: &Path) -> Option<PathBuf> {
        let inside = path.strip_prefix(&self.root).ok()?;
        inside.components().all(|part| matches!(part, Component::Normal(_))).then(|| self.on_disk(inside))
    }

    /// The bytes of the regular file `path` of the host, at most `most` of them; see [`disk::read`].
    pub fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        disk::read(&self.root, path, most)
    }

    /// Whether something, which may be a link, is at `path` of the host.
    pub fn has(&self, path: &Path) -> bool {
        disk::exists(&self.root, path)
    }

    /// Whether this is a folder that stands for a host (`--root`), and not this machine.
    pub fn is_staged(&self) -> bool {
        self.root != Path::new("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_a_root() {
        let host = Host::new("/image");
        assert_eq!(host.on_disk(&host.caddyfile), Path::new("/image/etc/caddy/Caddyfile"));
        assert_eq!(host.state_folder(), Path::new("/image/var/lib/caddyctl"));
        assert_eq!(host.drop_in(), Path::new("/etc/systemd/system/caddy.service.d/override.conf"));
        let other = Host { unit: "web.service".to_owned(), ..Host::new("/") };
        assert_eq!(other.state_folder(), Path::new("/var/lib/caddyctl/web"));
        assert!(host.is_staged() && !Host::new("/").is_staged());
    }
}
