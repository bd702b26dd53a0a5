//! The places of one host: the installed Caddyfile, its folder, the state folder; all below a root.

use std::path::{Path, PathBuf};

/// The unit of Caddy's packages.
const STANDARD_UNIT: &str = "caddy.service";

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
    /// The standard places of Caddy's packages, below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            caddyfile: PathBuf::from("/etc/caddy/Caddyfile"),
            unit: STANDARD_UNIT.to_owned(),
        }
    }

    /// The folder of the installed Caddyfile: imported files keep their layout below it.
    pub fn config_folder(&self) -> &Path {
        self.caddyfile.parent().unwrap_or(Path::new("/"))
    }

    /// The drop-in of the unit.
    pub fn drop_in(&self) -> PathBuf {
        Path::new("/etc/systemd/system").join(format!("{}.d", self.unit)).join("override.conf")
    }

    /// The unit that keeps Caddy's watchdog quiet: `caddy-watchdog.service`.
    pub fn companion(&self) -> String {
        format!("{}-watchdog.service", self.unit.strip_suffix(".service").unwrap_or(&self.unit))
    }

    /// Where caddyctl keeps its lock, its journal and the past deployments; only its owner may look inside. Each unit has
    /// a history of its own.
    pub fn state_folder(&self) -> PathBuf {
        let all = self.on_disk(Path::new("/var/lib/caddyctl"));
        match self.unit.as_str() {
            STANDARD_UNIT => all,
            other => all.join(other.strip_suffix(".service").unwrap_or(other)),
        }
    }

    /// Where `path` of the host lies for this process.
    pub fn on_disk(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
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
