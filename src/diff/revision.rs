//! Files at a git revision, read through the `git` command; paths outside the repository come from the disk.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::source::{Disk, Loader};

/// Why files of a revision cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// The `git` command could not be run.
    #[error("cannot run git: {0}")]
    NoGit(io::Error),
    /// The folder belongs to no repository, or git does not want to look at it.
    #[error("git finds no repository at {folder}: {reason}")]
    NoRepository {
        /// The folder.
        folder: String,
        /// What git said.
        reason: String,
    },
    /// No such revision here.
    #[error("git knows no revision `{revision}` here")]
    UnknownRevision {
        /// The revision as given.
        revision: String,
        /// Whether history is cut off, so that a fetch may bring it.
        shallow: bool,
    },
    /// The revision is known and its files are not here.
    #[error("the files of revision `{revision}` are missing in this repository: {reason}")]
    Incomplete {
        /// The revision as given.
        revision: String,
        /// What git said.
        reason: String,
    },
}

impl RevisionError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoGit(_) => Some("install git, or compare two files".to_owned()),
            Self::NoRepository { .. } => Some("run this inside the repository".to_owned()),
            Self::UnknownRevision { revision, shallow: true } => {
                let name = revision.rsplit('/').next().unwrap_or(revision);
                Some(format!(
                    "this checkout is shallow; bring it with `git fetch --depth=1 origin {name}` and compare with FETCH_HEAD, or check out with the full history"
                ))
            }
            Self::UnknownRevision { .. } => {
                Some("`git branch --all` and `git tag` list what there is".to_owned())
            }
            Self::Incomplete { revision, .. } => {
                Some(format!("bring them with `git fetch origin {revision}`"))
            }
        }
    }
}

/// The files of one revision, as a loader.
#[derive(Debug)]
pub struct Revision {
    commit: String,
    top: PathBuf,
    base: PathBuf,
    files: BTreeSet<PathBuf>,
}

impl Revision {
    /// The files of `revision` in the repository around the folder `base`.
    pub fn open(base: &Path, revision: &str) -> Result<Self, RevisionError> {
        let base = base.canonicalize().unwrap_or_else(|_| base.to_owned());
        let top = git(&base, ["rev-parse", "--show-toplevel"])?
            .map_err(|reason| RevisionError::NoRepository { folder: base.display().to_string(), reason })?;
        let top = PathBuf::from(line(&top));
        let spec = format!("{revision}^{{commit}}");
        let Ok(commit) = git(&base, ["rev-parse", "--verify", "--quiet", "--end-of-options", &spec])? else {
            let shallow = git(&base, ["rev-parse", "--is-shallow-repository"])?;
            return Err(RevisionError::UnknownRevision {
                revision: revision.to_owned(),
                shallow: shallow.is_ok_and(|answer| line(&answer) == "true"),
            });
        };
        let commit = line(&commit);
        let list = git(&top, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", &commit])?;
        let list =
            list.map_err(|reason| RevisionError::Incomplete { revision: revision.to_owned(), reason })?;
        let names = list.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let files = names.map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned())).collect();
        Ok(Self { commit, top, base, files })
    }

    /// The same files, with relative paths taken from `base`.
    #[must_use]
    pub fn starting_at(self, base: &Path) -> Self {
        Self { base: base.canonicalize().unwrap_or_else(|_| base.to_owned()), ..self }
    }

    /// The path inside the repository; `None` outside of it.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let mut clean = PathBuf::new();
        for part in self.base.join(path).components() {
            match part {
                Component::ParentDir => {
                    clean.pop();
                }
                Component::CurDir => {}
                other => clean.push(other),
            }
        }
        clean.strip_prefix(&self.top).map(Path::to_path_buf).ok()
    }

    fn disk(&self) -> Disk {
        Disk::new(&self.base)
    }
}

impl Loader for Revision {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let Some(inside) = self.inside(path) else { return self.disk().read(path) };
        if !self.files.contains(&inside) {
            let folder = self.files.iter().any(|file| file.starts_with(&inside));
            return Err(if folder { io::ErrorKind::IsADirectory } else { io::ErrorKind::NotFound }.into());
        }
        let object = format!("{}:{}", self.commit, inside.display());
        match git(&self.top, ["show", "--end-of-options", &object]) {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(reason)) => Err(io::Error::other(reason)),
            Err(error) => Err(io::Error::other(error.to_string())),
        }
    }

    fn list(&self, path: &Path) -> Vec<String> {
        let Some(folder) = self.inside(path) else { return self.disk().list(path) };
        let inside = self.files.iter().filter_map(|file| file.strip_prefix(&folder).ok());
        let names: BTreeSet<String> = inside
            .filter_map(|rest| Some(rest.components().next()?.as_os_str().to_str()?.to_owned()))
            .collect();
        names.into_iter().collect()
    }

    fn exists(&self, path: &Path) -> bool {
        match self.inside(path) {
            Some(inside) => self.files.iter().any(|file| file.starts_with(&inside)),
            None => self.disk().exists(path),
        }
    }

    fn base(&self) -> &Path {
        &self.base
    }
}

/// Runs git in `folder`: its output, or what it said on standard error.
fn git<S: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
) -> Result<Result<Vec<u8>, String>, RevisionError> {
    let output =
        Command::new("git").arg("-C").arg(folder).args(arguments).output().map_err(RevisionError::NoGit)?;
    if output.status.success() {
        return Ok(Ok(output.stdout));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(Err(said.lines().next().unwrap_or("").trim_start_matches("fatal: ").to_owned()))
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\r', '\n']).to_owned()
}
