//! Archives of a source tree: every file has a name inside it, and its Caddyfile compiles or says why not.

use std::path::{Component, Path, PathBuf};

use caddyctl_deploy::source::archive::{Archive, FOLDER, MOST_TEXT};
use caddyctl_language::compile::compile;
use caddyctl_language::source::{Env, Loader as _};

use super::output;

/// Reads an archive, and all that is in it.
pub fn run(data: &[u8]) {
    let archive = match Archive::read(data, MOST_TEXT) {
        Ok(archive) => archive,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let mut folders = vec![PathBuf::from(FOLDER)];
    while let Some(folder) = folders.pop() {
        for name in archive.list(&folder) {
            assert!(
                matches!(Path::new(&name).components().collect::<Vec<_>>()[..], [Component::Normal(_)]),
                "{name:?}"
            );
            let path = folder.join(name);
            assert!(archive.exists(&path), "{}", path.display());
            match archive.read(&path) {
                Ok(bytes) => assert!(bytes.len() <= 64 << 20),
                Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => folders.push(path),
                Err(_) => {}
            }
        }
    }
    let main = Path::new(FOLDER).join("Caddyfile");
    if let Ok(text) = archive.read(&main) {
        output::is_sound(&compile("Caddyfile", &text, &Env::empty(), &archive));
    }
}
