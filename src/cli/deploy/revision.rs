//! The git revision of a folder, as git says it.

use std::path::Path;
use std::time::Duration;

use caddyctl_host::work_tree;

use crate::cli::git::git;

/// How long git may take for each of its answers; a deploy does not wait for a name.
const PATIENCE: Duration = Duration::from_secs(5);

/// What stands for a revision that git cannot say: it is not installed, or the repository belongs to another user.
const UNKNOWN: &str = "unknown";

/// The commit that is checked out where `folder` lies, in full; `None` when that is in no repository.
pub fn of(folder: &Path) -> Option<String> {
    work_tree::top_of(&folder.canonicalize().ok()?)?;
    let commit = git(PATIENCE).work_tree(folder).and_then(|tree| tree.commit("HEAD"));
    Some(commit.ok().flatten().unwrap_or_else(|| UNKNOWN.to_owned()))
}
