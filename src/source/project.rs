//! What belongs to the project of a Caddyfile: the git work tree that it lies in, or else its folder. Programs read a report,
//! and what they read they may publish, so it quotes nothing from outside.

use std::io;
use std::path::{Path, PathBuf};

use super::{Limits, Loader, work_tree};

/// The folders whose files may be quoted.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Without links.
    roots: Vec<PathBuf>,
}

/// Folders of the system whose files are views of the machine.
const SYSTEM: &[&str] = &["/proc", "/sys", "/dev"];

impl Project {
    /// The project of the Caddyfile `entry`, an absolute path, and the folders `also`.
    pub fn of(entry: &Path, also: &[PathBuf]) -> Self {
        let folder = entry.parent().unwrap_or(Path::new("/"));
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        // The root of the file system is no project.
        let tree = work_tree::top_of(&folder).filter(|top| top.parent().is_some());
        let mut roots = vec![tree.unwrap_or(folder)];
        roots.extend(
            also.iter().map(|folder| std::fs::canonicalize(folder).unwrap_or_else(|_| folder.clone())),
        );
        Self { roots }
    }

    /// Whether the file at `path` belongs to it, wherever links lead. What git keeps for itself does not: it holds
    /// credentials.
    pub fn has(&self, path: &Path) -> bool {
        let Ok(path) = std::fs::canonicalize(path) else {
            // What is not there has no content.
            return !path.exists() && path.symlink_metadata().is_err();
        };
        let is_of_system = SYSTEM.iter().any(|folder| path.starts_with(folder));
        let is_regular = path.metadata().is_ok_and(|metadata| metadata.is_file());
        let inside = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok());
        !is_of_system && is_regular && inside.into_iter().any(|rest| !rest.iter().any(|part| part == ".git"))
    }
}

/// The files of `loader`, which knows those outside of `project` as such.
pub struct Within<'a> {
    loader: &'a dyn Loader,
    project: Project,
    /// The path of the Caddyfile as it was given, where that names a file of the system: it was meant.
    given: Option<PathBuf>,
}

impl<'a> Within<'a> {
    /// The project of `entry`, a path as seen from the loader's base, or `-`; and the folders `also`.
    pub fn new(loader: &'a dyn Loader, entry: &Path, also: &[PathBuf]) -> Self {
        let also: Vec<PathBuf> = also.iter().map(|folder| loader.base().join(folder)).collect();
        let path = loader.base().join(entry);
        let is_of_system = SYSTEM.iter().any(|folder| path.starts_with(folder));
        // Standard input, and what a shell hands over as a file, belong to the working directory.
        let given = (is_of_system || entry == Path::new("-")).then(|| path.clone());
        let project =
            Project::of(if given.is_some() { loader.base().join("-") } else { path }.as_path(), &also);
        Self { loader, project, given }
    }
}

impl Loader for Within<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.loader.read(path)
    }

    fn list(&self, path: &Path) -> Vec<String> {
        self.loader.list(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.loader.exists(path)
    }

    fn base(&self) -> &Path {
        self.loader.base()
    }

    fn refused(&self) -> Option<String> {
        self.loader.refused()
    }

    fn on_disk(&self, path: &Path) -> PathBuf {
        self.loader.on_disk(path)
    }

    fn limits(&self) -> Limits {
        self.loader.limits()
    }

    fn is_outside(&self, path: &Path) -> bool {
        self.given.as_deref() != Some(path) && !self.project.has(&self.loader.on_disk(path))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_git_and_the_system_lie_outside() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        std::fs::create_dir_all(tree.join("sites")).unwrap();
        std::fs::create_dir_all(tree.join(".git")).unwrap();
        for file in ["tree/a", "tree/sites/Caddyfile", "tree/.git/config", "outside"] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        std::os::unix::fs::symlink("../outside", tree.join("link")).unwrap();
        std::os::unix::fs::symlink("a", tree.join("inner")).unwrap();
        let project = Project::of(&tree.join("sites/Caddyfile"), &[]);
        let has = |name: &str| project.has(&tree.join(name));
        assert!(has("a") && has("sites/../a") && has("inner") && has("missing"));
        assert!(!has("../outside") && !has("link") && !has(".git/config"));
        assert!(!project.has(Path::new("/proc/self/environ")) && !project.has(Path::new("/dev/null")));
        assert!(
            Project::of(&tree.join("sites/Caddyfile"), &[folder.path().to_owned()]).has(&tree.join("link"))
        );
    }
}
