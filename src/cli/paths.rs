//! The files behind the paths on the command line: a folder stands for the Caddyfiles in it.

use std::path::{Path, PathBuf};

use caddyctl_host::work_tree;
use caddyctl_language::source::shown;

use super::fault::Fault;
use super::input::STDIN;

/// A file to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path, as given or below the folder that was given.
    pub path: PathBuf,
    /// The folder that it must not lead out of: the one that was given and in which it was found; `None` when it was named
    /// itself.
    pub folder: Option<PathBuf>,
}

impl Found {
    /// The same for the file that is meant when none is named: it may be a link that came with the folder, and must not lead
    /// out of the git work tree, or else out of the folder.
    pub fn stay_in_project(&mut self) {
        let folder = self.path.parent().and_then(|folder| Path::new(".").join(folder).canonicalize().ok());
        self.folder = self.folder.take().or_else(|| Some(around(folder?)));
    }

    /// Why the file is left alone: it is a link, or lies behind one, that leads out of the folder that was given. A
    /// checkout may have such links; who names a link itself means the file that it leads to.
    pub fn leads_out(&self) -> Option<Fault> {
        let folder = self.folder.as_ref()?;
        let (real, root) = (self.path.canonicalize().ok()?, folder.canonicalize().ok()?);
        if real.starts_with(root) {
            return None;
        }
        let message =
            format!("{} is skipped: it leads out of {}", shown::path(&self.path), shown::path(folder));
        Some(Fault::world(message).help("to include it, name the file that it leads to"))
    }
}

/// Replaces each folder by the Caddyfiles in it and below it, in the order of their names; other paths stay as they
/// are. A file that comes up twice is taken once.
pub fn expand(paths: &[PathBuf]) -> anyhow::Result<Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    for path in paths {
        if path.as_path() == Path::new(STDIN) || !path.is_dir() {
            found.push(Found { path: path.clone(), folder: None });
            continue;
        }
        let before = found.len();
        search(path, path, &mut found)?;
        if found.len() == before {
            let help = "name a file, or a folder with files called Caddyfile, Caddyfile.* or *.caddyfile";
            return Err(Fault::world(format!("no Caddyfile in the folder {}", shown::path(path)))
                .help(help)
                .into());
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|file| seen.insert(file.path.clone()));
    Ok(found)
}

/// The project of the file `path`, without links: the git work tree around it, or else its folder.
pub fn project(path: &Path) -> Option<PathBuf> {
    Some(around(path.canonicalize().ok()?.parent()?.to_owned()))
}

/// The git work tree around `folder`, or else the folder.
pub fn around(folder: PathBuf) -> PathBuf {
    work_tree::top_of(&folder).unwrap_or(folder)
}

/// Adds the Caddyfiles of `folder` and of the folders in it, where `given` is the folder of the command line. Hidden folders
/// and links to folders are passed over.
fn search(given: &Path, folder: &Path, found: &mut Vec<Found>) -> anyhow::Result<()> {
    let unreadable = |error| Fault::unreadable(folder, &error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        entries.push((entry.file_name(), entry.file_type().map_err(unreadable)?));
    }
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (name, kind) in entries {
        let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
        let name = name.to_string_lossy();
        if kind.is_dir() && !name.starts_with('.') {
            search(given, &path, found)?;
        } else if !kind.is_dir() && is_caddyfile(&name) && path.is_file() {
            found.push(Found { path, folder: Some(given.to_owned()) });
        }
    }
    Ok(())
}

/// Whether a file of this name is a Caddyfile: the names that Caddy itself takes for one, whatever their case.
fn is_caddyfile(name: &str) -> bool {
    let name = name.to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    (name == "caddyfile" || name.starts_with("caddyfile.") || extension == "caddyfile") && extension != "json"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_caddyfiles() {
        for name in ["Caddyfile", "caddyfile", "Caddyfile.prod", "blog.caddyfile", "BLOG.Caddyfile"] {
            assert!(is_caddyfile(name), "{name}");
        }
        for name in ["Caddyfile.json", "Caddyfiles", "caddy", "x.caddyfile.bak", ""] {
            assert!(!is_caddyfile(name), "{name}");
        }
    }

    #[test]
    fn folders_are_searched_in_order_and_files_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["b/Caddyfile", "a.caddyfile", "b/.git/Caddyfile", "c.txt"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = expand(&[folder.path().into(), folder.path().join("b/Caddyfile")]).unwrap();
        let names: Vec<_> = found.iter().map(|file| file.path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a.caddyfile"), Path::new("b/Caddyfile")]);
    }
}
