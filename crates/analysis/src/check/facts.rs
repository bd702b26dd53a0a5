//! What the configuration alone does not show.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The machine that the configuration is meant for. Implementations only look: they open nothing for writing and no
/// socket.
pub trait Facts {
    /// The contents of the file at `path`; a relative path starts at the folder that Caddy would run in.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// All files below `folder`, at any depth, sorted.
    fn files(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// The environment variable `name` of the Caddy service.
    fn variable(&self, name: &str) -> Option<String>;

    /// Whether the service could append to the log file `path`, creating it and its folders where they are missing.
    fn can_append(&self, path: &Path) -> io::Result<()>;

    /// The folder in which Caddy keeps its data when no storage is configured.
    fn data_folder(&self) -> PathBuf;

    /// Whether something answers at the network address; `None` when it was not tried.
    fn answers(&self, address: &str) -> Option<bool> {
        let _ = address;
        None
    }

    /// The name of the program that listens on the port of `network` (`tcp` or `udp`); `None` when there is none, or
    /// when it is not known.
    fn listener(&self, network: &str, port: u16) -> Option<String> {
        let _ = (network, port);
        None
    }

    /// Whether the Caddy of this machine has the module `id`; `None` when it was not asked.
    fn has_module(&self, id: &str) -> Option<bool> {
        let _ = id;
        None
    }

    /// The present time, for the validity of certificates.
    fn now(&self) -> SystemTime;
}
