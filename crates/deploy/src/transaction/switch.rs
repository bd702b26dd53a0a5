//! From the old files to the new ones, or back, so that the disk holds the one or the other at every instant.
//!
//! One file is a rename. Several files cannot be renamed at once: first the Caddyfile becomes a pointer to the staged
//! tree, which is the whole new configuration; then the imported files change, which nobody reads any longer; then the
//! Caddyfile itself. It can be called again after a crash at any point.

use super::fault::{FaultPoint, Stopped};
use crate::artifact::Role;
use crate::files::digest::Digest;
use crate::files::write::{self, WriteError, digest_at};
use crate::state::journal::{Entry, Journal, Pointer};
use caddyctl_language::source::shown;

/// Which files are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those from before the deploy.
    Old,
    /// Those of the deploy.
    New,
}

/// Why the files could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// The system refused.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A staged file is gone or was changed.
    #[error("the staged copy of {} is missing or damaged", shown::path(.0))]
    Missing(std::path::PathBuf),
    /// Somebody else changed a file while the deploy was under way.
    #[error("somebody else changed {} during the deploy", shown::path(.0))]
    Foreign(std::path::PathBuf),
    /// A test wanted it.
    #[error("stopped by a fault point")]
    Stopped,
}

impl From<Stopped> for SwitchError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// Puts the files of `side` in place. `pass` is called at each place where a test may stop.
pub fn switch(
    journal: &Journal,
    side: Side,
    pass: &dyn Fn(FaultPoint) -> Result<(), Stopped>,
) -> Result<(), SwitchError> {
    let mut config = Vec::new();
    let mut others = Vec::new();
    for entry in &journal.entries {
        let now = digest_at(&entry.target, entry.role.most())?;
        if now.as_ref() == wanted(entry, side) {
            continue;
        }
        if is_foreign(journal, entry, now.as_ref()) {
            match side {
                Side::New => return Err(SwitchError::Foreign(entry.target.clone())),
                // It was not us who changed it.
                Side::Old => continue,
            }
        }
        if entry.role.is_config() { config.push(entry) } else { others.push(entry) }
    }
    // Units first on the way back: a watchdog without its companion would kill a healthy Caddy.
    if side == Side::Old {
        others.sort_by_key(|entry| (!is_program_that_goes(entry), std::cmp::Reverse(entry.role)));
        place_all(&others, side, pass)?;
    }
    switch_config(journal, &config, side, pass)?;
    if side == Side::New {
        others.sort_by_key(|entry| (is_program_that_goes(entry), entry.role));
        place_all(&others, side, pass)?;
    }
    Ok(())
}

/// Whether the deploy removes a program: that comes after the unit that no longer runs it, and the other way around on the
/// way back.
fn is_program_that_goes(entry: &Entry) -> bool {
    entry.role == Role::Program && entry.new.is_none()
}

/// Whether somebody else wrote the file since the deploy began. What is written in place may be ours and torn.
fn is_foreign(journal: &Journal, entry: &Entry, now: Option<&Digest>) -> bool {
    let pointer = journal.pointer.as_ref().map(|pointer| &pointer.digest);
    let is_pointer = entry.role == Role::Caddyfile && now.is_some() && now == pointer;
    !entry.in_place && !is_pointer && now != entry.old.as_ref() && now != entry.new.as_ref()
}

fn switch_config(
    journal: &Journal,
    changed: &[&Entry],
    side: Side,
    pass: &dyn Fn(FaultPoint) -> Result<(), Stopped>,
) -> Result<(), SwitchError> {
    let is_main = |entry: &&&Entry| entry.role == Role::Caddyfile;
    let imports: Vec<&Entry> = changed.iter().filter(|entry| !is_main(entry)).copied().collect();
    let main = journal.entries.iter().find(|entry| entry.role == Role::Caddyfile);
    if let (Some(main), Some(pointer), false) = (main, &journal.pointer, imports.is_empty()) {
        let now = digest_at(&main.target, main.role.most())?;
        if now.as_ref() != Some(&pointer.digest) && !is_foreign(journal, main, now.as_ref()) {
            point(pointer, main)?;
        }
        pass(FaultPoint::Pointed)?;
    }
    place_all(&imports, side, pass)?;
    match main {
        Some(main) if main_is_due(journal, main, side)? => {
            put(main, side)?;
            Ok(pass(FaultPoint::Caddyfile)?)
        }
        _ => Ok(()),
    }
}

/// Makes the Caddyfile the pointer.
fn point(pointer: &Pointer, main: &Entry) -> Result<(), SwitchError> {
    for copy in &pointer.copies {
        if write::place_checked(copy, &main.target, &pointer.digest, main.role.most(), false)? {
            return Ok(());
        }
    }
    Err(SwitchError::Missing(main.target.clone()))
}

fn main_is_due(journal: &Journal, main: &Entry, side: Side) -> Result<bool, SwitchError> {
    let now = digest_at(&main.target, main.role.most())?;
    Ok(now.as_ref() != wanted(main, side) && !is_foreign(journal, main, now.as_ref()))
}

fn place_all(
    entries: &[&Entry],
    side: Side,
    pass: &dyn Fn(FaultPoint) -> Result<(), Stopped>,
) -> Result<(), SwitchError> {
    for entry in entries {
        put(entry, side)?;
        pass(match (side, entry.role) {
            (Side::Old, _) => FaultPoint::HalfUndone,
            (Side::New, Role::Program) => FaultPoint::Program,
            (Side::New, Role::Unit) => FaultPoint::Unit,
            (Side::New, _) => FaultPoint::FirstFile,
        })?;
    }
    Ok(())
}

fn wanted(entry: &Entry, side: Side) -> Option<&Digest> {
    match side {
        Side::Old => entry.old.as_ref(),
        Side::New => entry.new.as_ref(),
    }
}

/// Puts one file in its place.
fn put(entry: &Entry, side: Side) -> Result<(), SwitchError> {
    let source = match side {
        Side::Old => &entry.prev,
        Side::New => &entry.next,
    };
    let Some(digest) = wanted(entry, side) else { return Ok(write::remove(&entry.target)?) };
    if write::place_checked(source, &entry.target, digest, entry.role.most(), entry.in_place)? {
        return Ok(());
    }
    Err(SwitchError::Missing(entry.target.clone()))
}
