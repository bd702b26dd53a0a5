//! What an earlier deploy left half done is finished or undone.

use serde::Serialize;

use super::load::{find_ours, load};
use super::setup::{Setup, Step, Uncompiled};
use super::switch::{Side, SwitchError, switch};
use super::undo::{Back, Undo, undo};
use super::units::{Wanted, install};
use crate::files::digest::{Digest, same_config};
use crate::files::write::WriteError;
use crate::process::deadline::Deadline;
use crate::state::history::{self, Outcome};
use crate::state::journal::{Journal, JournalError, Phase};

/// What was done about an unfinished deploy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Recovery {
    /// It was finished: its files are in place.
    Finished {
        /// Which deployment.
        deployment: String,
        /// What could not be done about the running Caddy, if anything.
        left: Option<String>,
    },
    /// It was undone.
    Undone {
        /// Which deployment.
        deployment: String,
        /// What is true now.
        undo: Undo,
    },
}

/// Why an unfinished deploy could be neither finished nor undone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecoverError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A file.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It waits for its confirmation.
    #[error("deployment {deployment} runs and waits for `caddyctl confirm` until {until}")]
    Awaiting {
        /// Which deployment.
        deployment: String,
        /// In UTC.
        until: String,
    },
    /// It was undone in part only; the journal stays.
    #[error("the unfinished deployment {deployment} could not be undone: {undo}")]
    Stuck {
        /// Which deployment.
        deployment: String,
        /// What is true now.
        undo: Undo,
    },
    /// A test wanted it.
    #[error("stopped by a fault point")]
    Stopped,
}

/// Looks for an unfinished deploy of `setup.host` and ends it. The caller holds the lock.
///
/// `overdue` also undoes a deploy that waits for its confirmation, whether its time has passed or not.
pub fn recover(setup: &Setup<'_>, overdue: bool) -> Result<Option<Recovery>, RecoverError> {
    let Some(mut journal) = Journal::find(&setup.host)? else { return Ok(None) };
    (setup.observe)(Step::Recover);
    if setup.host.is_staged() {
        // An image may bring a journal, which does not say where the Caddy of this machine answers.
        journal.admin.retain(|address| setup.admin.contains(address));
        journal.moved = journal.moved.filter(|_| !journal.admin.is_empty());
    }
    if !journal.admin.is_empty() {
        let known = journal.admin.clone();
        journal.admin.extend(setup.admin.iter().filter(|address| !known.contains(address)).cloned());
    }
    match journal.phase {
        Phase::Awaiting if !overdue => {
            if !journal.is_overdue() {
                let until = journal.confirm_until.map(|until| until.strftime("%H:%M:%S UTC").to_string());
                return Err(RecoverError::Awaiting {
                    deployment: journal.id,
                    until: until.unwrap_or_default(),
                });
            }
            back(setup, journal, true).map(Some)
        }
        Phase::Committing => finish(setup, journal).map(Some),
        Phase::Staging => back(setup, journal, false).map(Some),
        Phase::Loading | Phase::Awaiting | Phase::Undoing => back(setup, journal, true).map(Some),
    }
}

/// Forward: the new configuration was found good.
fn finish(setup: &Setup<'_>, journal: Journal) -> Result<Recovery, RecoverError> {
    match switch(&journal, Side::New, &|point| setup.fault.pass(point)) {
        Ok(()) => {}
        Err(SwitchError::Stopped) => return Err(RecoverError::Stopped),
        // Something is gone: the old files are the safe place.
        Err(_) => return back(setup, journal, true),
    }
    let mut left = None;
    if let Some(systemd) = setup.systemd.as_ref().filter(|_| journal.daemon_reload) {
        let deadline = Deadline::after(setup.timeout);
        let installed = install(systemd, &Wanted::of(&journal), &setup.host.companion(), deadline);
        left = installed.err().map(|error| error.to_string());
    }
    left = left.or_else(|| if journal.restart { restart(setup) } else { align(setup, &journal) });
    journal.clear(&setup.host, false, Deadline::after(setup.timeout))?;
    history::settle(&setup.host, &journal.id, Outcome::Deployed);
    Ok(Recovery::Finished { deployment: journal.id, left })
}

/// Back: the files as they were, and Caddy with what these files say.
fn back(setup: &Setup<'_>, mut journal: Journal, was_loading: bool) -> Result<Recovery, RecoverError> {
    let deployment = journal.id.clone();
    // First the files: what Caddy loads comes from them. Should this fail, `undo` reports it.
    if matches!(switch(&journal, Side::Old, &|point| setup.fault.pass(point)), Err(SwitchError::Stopped)) {
        return Err(RecoverError::Stopped);
    }
    let back = if was_loading { way_back(setup, &journal) } else { Back::Nothing };
    match undo(setup, &mut journal, back) {
        None => Err(RecoverError::Stopped),
        Some(undo) if undo.is_complete() => Ok(Recovery::Undone { deployment, undo }),
        Some(undo) => Err(RecoverError::Stuck { deployment, undo }),
    }
}

/// What Caddy has to load: the configuration of the installed files, unless it runs what it ran before the deploy.
fn way_back(setup: &Setup<'_>, journal: &Journal) -> Back {
    match find_ours(setup, journal, Deadline::after(setup.timeout)) {
        Ok((_, live)) if Some(Digest::of_config(&live)) == journal.old_config => return Back::Same,
        Err(error) if error.is_unreachable() && journal.restart => return Back::Restart,
        _ if journal.admin.is_empty() => return Back::Nothing,
        _ => {}
    }
    match (setup.compile_installed)().map(|json| crate::json::read(&json)) {
        Ok(Ok(config)) => Back::To(config),
        Ok(Err(error)) => Back::Nowhere(error.to_string()),
        Err(Uncompiled(reason)) => Back::Nowhere(reason),
    }
}

/// Starts Caddy anew, when it runs: it may run with what was there before. The reason when that did not work.
fn restart(setup: &Setup<'_>) -> Option<String> {
    let systemd = setup.systemd.as_ref()?;
    let unit = systemd.show(setup.timeout).ok()?;
    systemd.restart(setup.timeout).err().filter(|_| unit.is_active()).map(|error| error.to_string())
}

/// Makes Caddy run what the installed files say; the reason when that did not work. A Caddy that does not run is left
/// alone: it starts with these files.
fn align(setup: &Setup<'_>, journal: &Journal) -> Option<String> {
    let deadline = Deadline::after(setup.timeout);
    let (admin, live) = match find_ours(setup, journal, deadline) {
        Ok(found) => found,
        Err(error) if error.is_unreachable() => return None,
        Err(error) => return Some(error.to_string()),
    };
    if Digest::of_config(&live) == journal.new_config {
        return None;
    }
    let json = match (setup.compile_installed)() {
        Ok(json) => json,
        Err(Uncompiled(reason)) => return Some(reason),
    };
    let config = crate::json::read(&json).ok()?;
    if same_config(&config, &live) {
        return None;
    }
    load(&admin, &json, &config, false, deadline, &setup.cancel, setup).err().map(|error| error.to_string())
}
