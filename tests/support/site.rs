//! A small site on a host of its own: a root folder, two versions of its files, and their compiled JSON.

use std::path::{Path, PathBuf};

use caddyctl_deploy::admin::address::Address;
use caddyctl_deploy::artifact::{Artifact, DeployFile, Role};
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::transaction::setup::Setup;
use serde_json::Value;

/// A root folder that stands for a host.
pub struct Site {
    pub root: tempfile::TempDir,
    pub host: Host,
}

impl Site {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        Self { root, host }
    }

    /// A setup that speaks to Caddy at `admin`.
    pub fn setup(&self, admin: &Address) -> Setup<'_> {
        Setup { admin: vec![admin.clone()], ..Setup::files_only(self.host.clone()) }
    }

    /// What is at `path` of the host; empty when nothing is.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.host.on_disk(Path::new(path))).unwrap_or_default()
    }

    /// All files below `etc`, with their content, sorted: what Caddy and systemd would find.
    pub fn tree(&self) -> Vec<(PathBuf, String)> {
        let mut all = Vec::new();
        walk(&self.root.path().join("etc"), &mut all);
        all.sort();
        all
    }
}

fn walk(folder: &Path, all: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, all);
        } else {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            all.push((path, text));
        }
    }
}

/// `config` and a Caddyfile with one imported file, all marked with `version`.
pub fn artifact(config: &Value, version: &str) -> Artifact {
    let file = |path: &str, role, text: String| DeployFile {
        path: path.into(),
        bytes: Some(text.into_bytes()),
        role,
    };
    Artifact {
        json: config.to_string().into_bytes(),
        files: vec![
            file("/etc/caddy/sites/one.caddy", Role::Import, format!("# one {version}\n")),
            file("/etc/caddy/sites/two.caddy", Role::Import, format!("# two {version}\n")),
            file("/etc/caddy/Caddyfile", Role::Caddyfile, format!("# {version}\nimport sites/*.caddy\n")),
        ],
    }
}
