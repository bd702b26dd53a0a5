//! What belongs to the project of a Caddyfile: the git work tree that it lies in, or else its folder. Programs read a report,
//! and what they read they may publish, so it quotes nothing from outside.

use std::path::{Path, PathBuf};

use crate::work_tree;

/// The folders whose files may be quoted.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Without links.
    roots: Vec<PathBuf>,
}

/// Folders of the system whose files are views of the machine.
const SYSTEM: &[&str] = &["/proc", "/sys", "/dev"];

/// Whether `path` names a file in one of these.
pub(super) fn is_of_system(path: &Path) -> bool {
    SYSTEM.iter().any(|folder| path.starts_with(folder))
}

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
        let is_regular = path.metadata().is_ok_and(|metadata| metadata.is_file());
        let inside = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok());
        !is_of_system(&path)
            && is_regular
            && inside.into_iter().any(|rest| !rest.iter().any(|part| part == ".git"))
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
