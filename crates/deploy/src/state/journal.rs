//! What a deploy is about to do, written down before it does it, so that the next one can finish or undo it.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::admin::address::Address;
use crate::artifact::Role;
use crate::files::digest::Digest;
use crate::files::folder::Folder;
use crate::files::host::Host;
use crate::files::write::{self, WriteError};
use crate::process::deadline::{Deadline, Moment};
use caddyctl_host::regular;
use caddyctl_language::source::shown;

/// How far a deploy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Files are being staged; nothing that Caddy reads has changed.
    Staging,
    /// The new configuration may have been loaded; the disk holds the old one.
    Loading,
    /// The new configuration runs and waits for `confirm`; the disk holds the old one.
    Awaiting,
    /// The new configuration is good; the disk holds the old or the new one.
    Committing,
    /// Everything is being put back.
    Undoing,
}

/// One file on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is for.
    pub role: Role,
    /// Where it goes.
    pub target: PathBuf,
    /// The staged new file.
    pub next: PathBuf,
    /// The staged copy of the old file.
    pub prev: PathBuf,
    /// Digest of the old content; `None` when there was no file.
    pub old: Option<Digest>,
    /// Digest of the new content; `None` when the file goes.
    pub new: Option<Digest>,
    /// Whether it is written in place.
    pub in_place: bool,
}

/// A Caddyfile that only imports the staged tree. With it in place, the other files can be changed one by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Two staged copies: one for the commit, one for an undo.
    pub copies: [PathBuf; 2],
    /// Digest of its content.
    pub digest: Digest,
}

/// The journal of one deploy. It holds digests and paths, and no content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// Name of the deployment: its time in UTC, and the process.
    pub id: String,
    /// How far it has come.
    pub phase: Phase,
    /// When it started, in UTC.
    pub started: String,
    /// Where the admin API may answer; empty when Caddy is not to be asked.
    pub admin: Vec<Address>,
    /// Where it answers with the new configuration, when that moves it.
    pub moved: Option<Address>,
    /// Digest of the configuration that ran before.
    pub old_config: Option<Digest>,
    /// Digest of the configuration that is being deployed.
    pub new_config: Digest,
    /// The files that change, in the order in which they are put in place; the Caddyfile is the last that Caddy reads.
    pub entries: Vec<Entry>,
    /// The Caddyfile that stands in while several files change.
    pub pointer: Option<Pointer>,
    /// Folders that hold staged files.
    pub staging: Vec<PathBuf>,
    /// Folders that did not exist before, outermost first.
    pub created: Vec<PathBuf>,
    /// Whether systemd has to read its units again.
    pub daemon_reload: bool,
    /// Whether the drop-in comes with a companion.
    #[serde(default)]
    pub companion: bool,
    /// Whether Caddy has to be restarted for the new configuration, since its admin API is off before or after.
    #[serde(default)]
    pub restart: bool,
    /// How many times as much as by default the files may grow to (`--raise-limits`).
    #[serde(default = "one")]
    pub raised: u32,
    /// Until when `confirm` must come, in UTC, for people.
    pub confirm_until: Option<jiff::Timestamp>,
    /// The same for programs: a clock that is set has no say in it.
    #[serde(default)]
    pub confirm_by: Option<Moment>,
}

/// The limits as they are by default.
pub(crate) fn one() -> u32 {
    1
}

impl Journal {
    /// Whether it is too late for a `confirm`.
    pub fn is_overdue(&self) -> bool {
        match (&self.confirm_by, self.confirm_until) {
            (Some(by), _) => by.has_passed(),
            (None, until) => until.is_none_or(|until| until <= jiff::Timestamp::now()),
        }
    }
}

/// A journal that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It names a file outside the root.
    #[error(
        "the journal {} contains {}, which is not below the root",
        shown::path(path),
        shown::path(outside)
    )]
    Outside {
        /// The file.
        path: PathBuf,
        /// What it names.
        outside: PathBuf,
    },
    /// It is one of another version of this program.
    #[error("the journal {} is not from this version of caddyctl: {source}", shown::path(path))]
    Version {
        /// The file.
        path: PathBuf,
        /// What this version does not know.
        source: serde_json::Error,
    },
    /// Its content.
    #[error("the journal {} is invalid: {source}", shown::path(path))]
    Garbled {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: serde_json::Error,
    },
}

impl Journal {
    /// Where the journal of `host` lies.
    pub fn path(host: &Host) -> PathBuf {
        host.state_folder().join("journal.json")
    }

    /// The journal that an earlier deploy left behind.
    pub fn find(host: &Host) -> Result<Option<Self>, JournalError> {
        let path = Self::path(host);
        let bytes = match write::read(&path, regular::MOST) {
            Err(error) if error.source.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let journal: Self = serde_json::from_slice(&bytes).map_err(|source| {
            let path = path.clone();
            // A whole journal names its deployment, whatever else a later version writes down.
            match serde_json::from_slice::<Value>(&bytes) {
                Ok(value) if value["id"].is_string() => JournalError::Version { path, source },
                _ => JournalError::Garbled { path, source },
            }
        })?;
        journal.confined(host).map(Some).map_err(|outside| JournalError::Outside { path, outside })
    }

    /// The same with paths that lie below the root of `host`, which an image with a journal in it may claim to be others.
    fn confined(mut self, host: &Host) -> Result<Self, PathBuf> {
        let entries =
            self.entries.iter_mut().flat_map(|entry| [&mut entry.target, &mut entry.next, &mut entry.prev]);
        let copies = self.pointer.iter_mut().flat_map(|pointer| &mut pointer.copies);
        for path in entries.chain(copies).chain(&mut self.staging).chain(&mut self.created) {
            *path = host.confined(path).ok_or_else(|| path.clone())?;
        }
        Ok(self)
    }

    /// Writes it down, in one step.
    pub fn save(&self, host: &Host) -> Result<(), WriteError> {
        write::replace_private(&Self::path(host), &serde_json::to_vec_pretty(self).unwrap_or_default())
    }

    /// Removes the staged files and then the journal: the deploy has ended. With `undone`, folders made for it go too. When
    /// `deadline` passes first, the journal stays, and the next deploy or `recover` goes on.
    pub fn clear(&self, host: &Host, undone: bool, deadline: Deadline) -> Result<(), WriteError> {
        self.staging.iter().try_for_each(|folder| write::remove_tree(folder, deadline))?;
        if undone {
            for folder in self.created.iter().rev() {
                if deadline.has_passed() {
                    let error = io::Error::new(io::ErrorKind::TimedOut, "the deadline has passed");
                    return write::at(Err(error), "remove", folder);
                }
                // Somebody may have put something into it; then it stays.
                let _ = Folder::of(folder).and_then(|(folder, name)| folder.remove_folder(name));
            }
        }
        write::remove(&Self::path(host))
    }
}
