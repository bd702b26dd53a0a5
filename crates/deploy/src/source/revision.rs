//! The git revision of a folder, as git says it, and whether files are as that revision has them.

use std::path::{Path, PathBuf};

use caddyctl_host::git::Git;
use caddyctl_host::revision::Revision;
use caddyctl_host::work_tree;
use caddyctl_language::source::Loader as _;

/// What stands for a revision that git cannot say: it is not installed, or the repository belongs to another user.
const UNKNOWN: &str = "unknown";

/// The commit that is checked out where `folder` lies, in full; `None` when that is in no repository.
pub fn of(folder: &Path, git: &Git) -> Option<String> {
    work_tree::top_of(&folder.canonicalize().ok()?)?;
    let commit = git.work_tree(folder).and_then(|tree| tree.commit("HEAD"));
    Some(commit.ok().flatten().unwrap_or_else(|| UNKNOWN.to_owned()))
}

/// Whether one of `files`, which lie in the work tree around `folder`, is not as the commit that is checked out has it; `None`
/// where git cannot tell.
pub fn is_modified(folder: &Path, files: &[(PathBuf, &[u8])], git: &Git) -> Option<bool> {
    let folder = folder.canonicalize().ok()?;
    let commit = Revision::open(git, &folder, "HEAD").ok()?;
    let differs = |(path, bytes): &(PathBuf, &[u8])| commit.read(path).map_or(true, |known| known != *bytes);
    Some(files.iter().any(differs))
}
