//! Why git gives no answer, and what to do then.

use caddyctl_language::source::shown;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why git gives no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// There is no `.git` in the folder, nor above it.
    #[error("{} is not in a git repository", shown::path(folder))]
    NoRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// No folder of `PATH` has git; relative ones, and those in the work tree, do not count.
    #[error("git is not installed, or not in PATH")]
    NoProgram,
    /// The program could not be run.
    #[error("cannot run git: {0}")]
    Start(io::Error),
    /// The repository belongs to another user, whose settings might run programs.
    #[error(
        "git does not run here as user {user}: {} belongs to user {owner}, whose git settings can start any program",
        shown::path(path)
    )]
    OtherOwner {
        /// The top of the work tree.
        top: PathBuf,
        /// What belongs to another user: the top, or something that git reads settings from.
        path: PathBuf,
        /// The number of its owner.
        owner: u32,
        /// The number of the user who runs this.
        user: u32,
    },
    /// The `.git` leads to a repository that does not know this work tree.
    #[error(
        "git does not run here: the `.git` of {} points to {}, the repository of another folder",
        shown::path(top),
        shown::path(folder)
    )]
    OtherRepository {
        /// The folder with the `.git`.
        top: PathBuf,
        /// Where it leads.
        folder: PathBuf,
    },
    /// Git would read files outside of the repository.
    #[error("git does not run here: {} leads out of the repository", shown::path(path))]
    LeadsOut {
        /// The top of the work tree.
        top: PathBuf,
        /// The list of alternates, or the link.
        path: PathBuf,
    },
    /// Git takes another folder for the top of the work tree.
    #[error("git has another work tree for {}", shown::path(top))]
    OtherWorkTree {
        /// The folder with the `.git`.
        top: PathBuf,
    },
    /// Git failed.
    #[error("git cannot read the repository at {}: {reason}", shown::path(top))]
    Failed {
        /// The top of the work tree.
        top: PathBuf,
        /// What it wrote, in one line.
        reason: String,
    },
    /// Git did not end in time.
    #[error("git did not answer within {} s", within.as_secs())]
    Slow {
        /// How long it had.
        within: Duration,
    },
    /// Git printed more than is read.
    #[error("git printed more than {} MiB", most / (1024 * 1024))]
    TooLong {
        /// The limit in bytes.
        most: u64,
    },
}

impl GitError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::NoRepository { .. } => "name a file in a git work tree, or compare two files",
            Self::NoProgram | Self::Start(_) => "install git, or compare two files",
            // Root runs no git there, whatever root's own settings say.
            Self::OtherOwner { top, owner, user: 0, .. } => {
                return Some(format!(
                    "run this as user {owner}: `options: --user {owner}` of a container job, or `setpriv --reuid={owner} --clear-groups` before the command; if you trust the checkout, make root its owner with `chown -R root {}`",
                    word(top)
                ));
            }
            Self::OtherOwner { top, owner, .. } => {
                return Some(format!(
                    "run this as user {owner}; if you trust the checkout, allow it with `git config --global --add safe.directory {}`",
                    word(top)
                ));
            }
            Self::OtherRepository { .. } => {
                "run this in a folder of that repository; if it is the repository of this folder, record it with `git config core.worktree \"$PWD\"`"
            }
            Self::LeadsOut { .. } => {
                "run this in a full clone; `git repack -a -d` copies the objects of an alternate; then remove `.git/objects/info/alternates`"
            }
            Self::OtherWorkTree { .. } => {
                "`git config core.worktree` is another folder: run this in a work tree of the repository"
            }
            Self::Failed { .. } | Self::Slow { .. } | Self::TooLong { .. } => {
                "check the repository with `git fsck`; you can compare two files without git"
            }
        };
        Some(text.to_owned())
    }
}

/// A path as a shell takes it for one word.
fn word(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+:@%".contains(&byte);
    if text.bytes().all(is_plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_another_user_is_one_word_of_the_command() {
        let help = |user, top: &str| {
            let top = PathBuf::from(top);
            GitError::OtherOwner { path: top.join(".git"), top, owner: 1001, user }.help().unwrap()
        };
        assert!(help(0, "/srv/a").contains("`chown -R root /srv/a`"), "{}", help(0, "/srv/a"));
        assert!(help(0, "/a b';x").contains("`chown -R root '/a b'\\'';x'`"), "{}", help(0, "/a b';x"));
        assert!(help(7, "/srv/a").contains("safe.directory /srv/a`"), "{}", help(7, "/srv/a"));
    }
}
