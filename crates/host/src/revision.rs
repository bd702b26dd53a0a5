//! Files at a git revision; paths outside the repository come from the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use caddyctl_language::source::{Loader, shown};

use crate::git::{Entry, Git, GitError, Kind, WorkTree};
use crate::{Disk, regular};

/// The longest target of a symbolic link: Linux's own limit on a path (bytes).
const LONGEST_TARGET: u64 = 4096;

/// As many symbolic links are followed in one path: Linux's own limit.
const MOST_LINKS: usize = 40;

/// Why files of a revision cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevisionError {
    /// Git cannot be run, or does not want to look at the repository.
    #[error(transparent)]
    Git(#[from] GitError),
    /// No such revision here.
    #[error("unknown git revision `{}`", shown::line(revision))]
    UnknownRevision {
        /// The revision as given.
        revision: String,
        /// Whether history is cut off, so that a fetch may bring it.
        shallow: bool,
    },
    /// The revision is known and its files are not here.
    #[error("the files of revision `{}` are missing in this repository: {reason}", shown::line(revision))]
    Incomplete {
        /// The revision as given.
        revision: String,
        /// What git wrote.
        reason: String,
    },
    /// A file lies in another repository, of which the revision holds only the name of a commit.
    #[error(
        "`{}` does not contain the files of the git submodule `{}`, only its commit",
        shown::line(revision),
        shown::path(path)
    )]
    Submodule {
        /// The revision as given.
        revision: String,
        /// The folder of the submodule, from the top of the work tree.
        path: PathBuf,
    },
}

impl RevisionError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Git(error) => error.help(),
            Self::UnknownRevision { revision, shallow: true } => {
                let name = revision.rsplit('/').next().unwrap_or(revision);
                Some(format!(
                    "this checkout is shallow; run `git fetch --depth=1 origin {name}` and compare with FETCH_HEAD, or check out the full history"
                ))
            }
            Self::UnknownRevision { .. } => {
                Some("list revisions with `git branch --all` and `git tag`".to_owned())
            }
            Self::Incomplete { revision, .. } => Some(format!("run `git fetch origin {revision}`")),
            Self::Submodule { revision, .. } => Some(format!(
                "in another clone run `git checkout {revision}` and `git submodule update --init`, and compare the two files"
            )),
        }
    }
}

/// The files of one revision, as a loader.
#[derive(Debug)]
pub struct Revision {
    name: String,
    tree: WorkTree,
    base: PathBuf,
    files: BTreeMap<PathBuf, Entry>,
    /// The first submodule of which something was asked for.
    submodule: OnceLock<PathBuf>,
}

impl Revision {
    /// The files of `revision` in the repository around the folder `base`.
    pub fn open(git: &Git, base: &Path, revision: &str) -> Result<Self, RevisionError> {
        let base = base.canonicalize().unwrap_or_else(|_| base.to_owned());
        let tree = git.work_tree(&base)?;
        let Some(commit) = tree.commit(revision)? else {
            let shallow = tree.is_shallow();
            return Err(RevisionError::UnknownRevision { revision: revision.to_owned(), shallow });
        };
        let files = tree.entries(&commit).map_err(|error| match error {
            GitError::Failed { reason, .. } => {
                RevisionError::Incomplete { revision: revision.to_owned(), reason }
            }
            other => other.into(),
        })?;
        let files = files.into_iter().collect();
        Ok(Self { name: revision.to_owned(), tree, base, files, submodule: OnceLock::new() })
    }

    /// The same files, with relative paths taken from `base`.
    #[must_use]
    pub fn starting_at(self, base: &Path) -> Self {
        Self { base: base.canonicalize().unwrap_or_else(|_| base.to_owned()), ..self }
    }

    /// The path inside the repository; `None` outside of it.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        clean(&self.base.join(path)).strip_prefix(self.tree.top()).map(Path::to_path_buf).ok()
    }

    /// The same path behind all symbolic links of the revision. One that leads out of the repository is not followed: the
    /// files there are not those of the revision.
    fn resolve(&self, inside: PathBuf) -> io::Result<PathBuf> {
        let mut path = inside;
        for _ in 0..MOST_LINKS {
            let above: Vec<&Path> = path.ancestors().collect();
            let link = above.iter().rev().find_map(|part| {
                let entry = self.files.get(*part).filter(|entry| entry.kind == Kind::Link)?;
                Some((*part, entry))
            });
            let Some((link, entry)) = link else { return Ok(path) };
            let target = self.tree.blob(&entry.object, LONGEST_TARGET)?;
            let target = PathBuf::from(String::from_utf8_lossy(&target).into_owned());
            let folder = self.tree.top().join(link);
            let led = folder.parent().unwrap_or(self.tree.top()).join(target);
            let led = clean(&led.join(path.strip_prefix(link).unwrap_or(Path::new(""))));
            let Ok(led) = led.strip_prefix(self.tree.top()) else {
                return Err(io::Error::other("it is a symbolic link that leads out of the repository"));
            };
            led.clone_into(&mut path);
        }
        Err(io::Error::other("too many symbolic links"))
    }

    /// Whether files lie in the folder `inside`.
    fn is_folder(&self, inside: &Path) -> bool {
        let first = self.files.range(inside.to_owned()..).next();
        first.is_some_and(|(file, _)| file.starts_with(inside))
    }

    /// Why what was read is not all that was asked for. An import of nothing is legal, so whoever relies on what was read asks
    /// this afterwards.
    pub fn incomplete(&self) -> Option<RevisionError> {
        let path = self.submodule.get()?.clone();
        Some(RevisionError::Submodule { revision: self.name.clone(), path })
    }

    /// Whether the path lies in a submodule, which is noted then.
    fn is_in_submodule(&self, inside: &Path) -> bool {
        let is_submodule =
            |path: &&Path| self.files.get(*path).is_some_and(|entry| entry.kind == Kind::Submodule);
        let Some(submodule) = inside.ancestors().find(is_submodule) else { return false };
        self.submodule.get_or_init(|| submodule.to_owned());
        true
    }

    fn disk(&self) -> Disk {
        Disk::new(&self.base)
    }
}

/// The path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

impl Loader for Revision {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let Some(inside) = self.inside(path) else { return self.disk().read(path) };
        let inside = self.resolve(inside)?;
        match self.files.get(&inside) {
            Some(Entry { kind: Kind::Submodule, .. }) => Err(io::ErrorKind::IsADirectory.into()),
            Some(entry) => self.tree.blob(&entry.object, regular::MOST),
            None if self.is_in_submodule(&inside) => Err(io::Error::other("it is in a git submodule")),
            None if self.is_folder(&inside) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, path: &Path) -> Vec<String> {
        let Some(folder) = self.inside(path) else { return self.disk().list(path) };
        let Ok(folder) = self.resolve(folder) else { return Vec::new() };
        if self.is_in_submodule(&folder) {
            return Vec::new();
        }
        let all = self.files.range(folder.clone()..);
        let inside = all.map_while(|(file, _)| file.strip_prefix(&folder).ok());
        let names: BTreeSet<String> = inside
            .filter_map(|rest| Some(rest.components().next()?.as_os_str().to_str()?.to_owned()))
            .collect();
        names.into_iter().collect()
    }

    fn exists(&self, path: &Path) -> bool {
        match self.inside(path) {
            // Reading a link that cannot be followed says why.
            Some(inside) => self
                .resolve(inside)
                .map_or(true, |inside| self.is_folder(&inside) || self.is_in_submodule(&inside)),
            None => self.disk().exists(path),
        }
    }

    fn base(&self) -> &Path {
        &self.base
    }

    fn refused(&self) -> Option<String> {
        self.incomplete().map(|error| error.to_string())
    }
}
