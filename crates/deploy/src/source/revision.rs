//! The git revision of a folder, as git says it.

use std::path::Path;

use caddyctl_host::git::Git;
use caddyctl_host::work_tree;

/// What stands for a revision that git cannot say: it is not installed, or the repository belongs to another user.
const UNKNOWN: &str = "unknown";

/// The commit that is checked out where `folder` lies, in full; `None` when that is in no repository.
pub fn of(folder: &Path, git: &Git) -> Option<String> {
    work_tree::top_of(&folder.canonicalize().ok()?)?;
    let commit = git.work_tree(folder).and_then(|tree| tree.commit("HEAD"));
    Some(commit.ok().flatten().unwrap_or_else(|| UNKNOWN.to_owned()))
}
