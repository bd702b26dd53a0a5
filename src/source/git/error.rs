//! Why git gives no answer, and what to do then.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why git gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `.git` in the folder, nor above it.
    #[error("{} is not in a git repository", folder.display())]
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
    #[error("git is not run here: {} belongs to another user", path.display())]
    OtherOwner {
        /// What belongs to another user.
        path: PathBuf,
    },
    /// Git takes another folder for the top of the work tree.
    #[error("git has another work tree for {}", top.display())]
    OtherWorkTree {
        /// The folder with the `.git`.
        top: PathBuf,
    },
    /// Git failed.
    #[error("git cannot read the repository at {}: {reason}", top.display())]
    Failed {
        /// The top of the work tree.
        top: PathBuf,
        /// What it said, in one line.
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
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoRepository { .. } => "name a file in a git work tree, or compare two files",
            Self::NoProgram | Self::Start(_) => "install git, or compare two files",
            Self::OtherOwner { .. } => {
                "run this as the owner of the repository, or make a clone of it that belongs to you"
            }
            Self::OtherWorkTree { .. } => {
                "`git config core.worktree` names another folder: run this in a work tree of the repository"
            }
            Self::Failed { .. } | Self::Slow { .. } | Self::TooLong { .. } => {
                "`git fsck` checks the repository; two files can be compared without git"
            }
        })
    }
}
