//! The verdict of the real Caddy, which is asked only when stored verdicts are made.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Whether `caddy validate` accepts the configuration. It runs in a copy of `folder`, with an empty environment.
pub fn accepts(config: &Value, folder: Option<&Path>) -> bool {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    for entry in folder.into_iter().flat_map(|folder| fs::read_dir(folder).expect("the folder can be read")) {
        let path = entry.expect("the entry can be read").path();
        fs::copy(&path, scratch.path().join(path.file_name().unwrap_or_default()))
            .expect("the file can be copied");
    }
    let file = scratch.path().join("config.json");
    fs::write(&file, config.to_string()).expect("the configuration can be written");
    let output = Command::new(crate::support::caddy::binary())
        .args(["validate", "--config"])
        .arg(&file)
        .current_dir(scratch.path())
        .env_clear()
        .env("HOME", scratch.path())
        .output()
        .expect("the real Caddy can be run");
    output.status.success()
}
