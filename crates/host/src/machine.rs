//! The facts of this machine, read from its disk.

mod ports;
mod requests;
mod user;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use caddyctl_analysis::check::Facts;
use caddyctl_language::source::Env;

use crate::{os, regular};

pub use user::User;

/// The most files in a folder of certificates, those below it included.
const MOST: usize = 100_000;

/// The disk of this machine. Nothing is opened for writing, and no socket at all.
#[derive(Clone, Debug)]
pub struct Machine {
    base: PathBuf,
    env: Env,
    user: Option<User>,
    modules: Option<BTreeSet<String>>,
}

impl Machine {
    /// Relative paths start at `base`, the folder that Caddy would run in; `env` is the environment of the service.
    pub fn new(base: impl Into<PathBuf>, env: Env) -> Self {
        Self { base: base.into(), env, user: None, modules: None }
    }

    /// The same disk as `user` sees it: files that the permissions keep from that user are faults.
    #[must_use]
    pub fn seen_by(self, user: User) -> Self {
        Self { user: Some(user), ..self }
    }

    /// The same disk, with the modules of the Caddy on it: others are faults, and its own plugins are none.
    #[must_use]
    pub fn with_modules(self, modules: BTreeSet<String>) -> Self {
        Self { modules: Some(modules), ..self }
    }
}

/// The most bytes of a certificate, a key or another file that a configuration names.
const LARGEST: u64 = 4 << 20;

impl Facts for Machine {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = self.base.join(path);
        if let Some(user) = &self.user {
            user.can_read(&path)?;
        }
        regular::read(&path, LARGEST)
    }

    fn files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut folders = vec![self.base.join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder)? {
                if found.len() + folders.len() > MOST {
                    return Err(io::Error::other(format!("it holds more than {MOST} files")));
                }
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).map(str::to_owned)
    }

    fn can_append(&self, path: &Path) -> io::Result<()> {
        let path = self.base.join(path);
        match path.metadata() {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => {}
            Err(_) => {
                // The nearest folder above that exists is where the missing ones would be made.
                let above = path.ancestors().skip(1).find_map(|folder| folder.metadata().ok());
                if above.is_some_and(|found| !found.is_dir()) {
                    return Err(io::ErrorKind::NotADirectory.into());
                }
            }
        }
        if let Some(user) = &self.user {
            return user.can_append(&path);
        }
        // Whoever runs this is whom the system is asked about: root may write whatever the permissions say.
        let there = path.ancestors().find(|there| there.exists()).unwrap_or(Path::new("/"));
        os::can_write(there)
    }

    fn data_folder(&self) -> PathBuf {
        match (self.env.get("XDG_DATA_HOME"), self.env.get("HOME")) {
            (Some(data), _) if !data.is_empty() => Path::new(data).join("caddy"),
            (_, Some(home)) if !home.is_empty() => Path::new(home).join(".local/share/caddy"),
            _ => PathBuf::from("./caddy"),
        }
    }

    fn listener(&self, network: &str, port: u16) -> Option<String> {
        ports::holder(network, port)
    }

    fn has_module(&self, id: &str) -> Option<bool> {
        Some(self.modules.as_ref()?.contains(id))
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_log_goes_where_the_user_may_write() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let disk = Machine::new(folder.path(), Env::empty());
        let path = Path::new("logs/access.log");
        assert!(disk.can_append(path).is_ok());
        let nobody = disk.clone().seen_by(User { id: 65534, groups: vec![65534] });
        assert_eq!(nobody.can_append(path).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
        assert!(nobody.can_append(path).is_ok());
        std::fs::write(folder.path().join("key.pem"), "x").unwrap();
        std::fs::set_permissions(folder.path().join("key.pem"), PermissionsExt::from_mode(0o600)).unwrap();
        assert!(disk.read(Path::new("key.pem")).is_ok());
        assert!(nobody.read(Path::new("key.pem")).is_err());
        assert!(!folder.path().join("logs").exists());
    }
}
