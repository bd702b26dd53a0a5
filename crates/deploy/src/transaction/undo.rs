//! Putting everything back, and saying honestly what is true afterwards.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::fault::Stopped;
use super::load::{find_ours, load};
use super::setup::{Setup, Step};
use super::switch::{Side, SwitchError, switch};
use super::units::dismiss;
use crate::artifact::Role;
use crate::files::digest::same_config;
use crate::process::cancel::Cancel;
use crate::process::deadline::Deadline;
use crate::state::history::{self, Outcome};
use crate::state::journal::{Journal, Phase};

/// An undo has time of its own: what has to be undone may be a deploy whose time was up.
fn time(setup: &Setup<'_>) -> Duration {
    setup.timeout.clamp(Duration::from_secs(4), Duration::from_secs(30))
}

/// What is true of Caddy after an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runs {
    /// It never got a configuration.
    Untouched,
    /// It runs the old configuration again.
    Restored,
    /// It does not answer; it will start with the old files.
    Stopped,
    /// It is down, and systemd starts it again and again, as before.
    Looping,
    /// It was started for this deploy, and stopped again.
    StoppedAgain,
    /// It was started anew, with the old files.
    Restarted,
    /// It runs what was loaded last, since there is nothing to go back to, for this reason.
    Left(String),
    /// Not known, for this reason. The journal stays, and the next deploy or `recover` tries again.
    Unknown(String),
}

/// What an undo did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Undo {
    /// Why the files are not as they were, if they are not.
    pub files: Option<String>,
    /// What Caddy runs.
    pub runs: Runs,
}

impl Undo {
    /// Whether everything is as it was before.
    pub fn is_complete(&self) -> bool {
        self.files.is_none() && !matches!(self.runs, Runs::Unknown(_))
    }
}

impl Undo {
    /// What is left to do, when something is.
    pub fn help(&self) -> Option<&'static str> {
        match (&self.files, &self.runs) {
            (Some(_), _) => Some("fix the reported error, then run `caddyctl recover` to restore the rest"),
            (None, Runs::Unknown(_)) => {
                Some("when Caddy responds again, run `caddyctl recover` to restore the old configuration")
            }
            (None, Runs::Left(_)) => {
                Some("the next successful deploy makes files and running configuration equal again")
            }
            (None, Runs::Stopped) => Some("see `systemctl status caddy` for the reason"),
            _ => None,
        }
    }
}

impl fmt::Display for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.files {
            None => write!(f, "the files are unchanged")?,
            Some(reason) => write!(f, "some files could not be restored: {reason}")?,
        }
        match &self.runs {
            Runs::Untouched => write!(f, "; Caddy runs as before"),
            Runs::Restored => write!(f, "; Caddy runs the old configuration"),
            Runs::Looping => write!(f, "; caddy is down and systemd starts it again and again, as before"),
            Runs::StoppedAgain => write!(f, "; Caddy is stopped, as before"),
            Runs::Restarted => write!(f, "; Caddy was restarted with them"),
            Runs::Stopped => write!(f, "; Caddy does not respond and will start with these files"),
            Runs::Left(reason) => write!(f, "; Caddy runs the last loaded configuration: {reason}"),
            Runs::Unknown(reason) => write!(f, "; could not get the running configuration: {reason}"),
        }
    }
}

/// What Caddy has to load in an undo.
#[derive(Clone, Debug, PartialEq)]
pub enum Back {
    /// Nothing: it never got a configuration.
    Nothing,
    /// Nothing: it runs what it ran before.
    Same,
    /// Nothing: it was stopped before this, and is again.
    Stopped,
    /// Nothing: it was down, and systemd started it again and again.
    Looping,
    /// To start anew, with the old files: its admin API is off.
    Restart,
    /// This configuration.
    To(Value),
    /// Nothing, for want of a configuration to go back to.
    Nowhere(String),
}

/// Goes back to the old files, and has Caddy go `back`. `None` when a test stopped it half way.
pub fn undo(setup: &Setup<'_>, journal: &mut Journal, back: Back) -> Option<Undo> {
    (setup.observe)(Step::Undo);
    journal.phase = Phase::Undoing;
    // A disk that is full now must not stop the undo: the staged copies are there already.
    let _ = journal.save(&setup.host);
    let pass = |point| setup.fault.pass(point);
    if pass(super::fault::FaultPoint::Undoing) == Err(Stopped) {
        return None;
    }
    let files = match switch(journal, Side::Old, &pass) {
        Ok(()) => reload_units(setup, journal),
        Err(SwitchError::Stopped) => return None,
        Err(error) => Some(error.to_string()),
    };
    dismiss_new_companions(setup, journal);
    let runs = match back {
        Back::Nothing => Runs::Untouched,
        Back::Same => Runs::Restored,
        Back::Stopped => Runs::StoppedAgain,
        Back::Looping => loop_again(setup),
        Back::Restart => restart(setup),
        Back::Nowhere(reason) => Runs::Left(reason),
        Back::To(config) => restore(setup, journal, &config),
    };
    let mut undone = Undo { files, runs };
    if undone.is_complete() {
        let cleared = journal.clear(&setup.host, true, Deadline::after(time(setup)));
        undone.files = cleared.err().map(|error| error.to_string());
        history::settle(&setup.host, &journal.id, Outcome::Undone);
    }
    Some(undone)
}

/// A companion that did not exist before has to end, and not before systemd has forgotten the drop-in: as long as
/// `Upholds=` is in force, it would be started again, and arm Caddy's watchdog once more.
fn dismiss_new_companions(setup: &Setup<'_>, journal: &Journal) {
    let Some(systemd) = &setup.systemd else { return };
    for entry in journal.entries.iter().filter(|entry| entry.role == Role::Unit && entry.old.is_none()) {
        let name = entry.target.file_name().unwrap_or_default().to_string_lossy();
        dismiss(systemd, &name, time(setup));
    }
}

/// systemd must not keep a drop-in in mind that is gone again.
fn reload_units(setup: &Setup<'_>, journal: &Journal) -> Option<String> {
    let systemd = setup.systemd.as_ref().filter(|_| journal.daemon_reload)?;
    systemd.daemon_reload(time(setup)).err().map(|error| error.to_string())
}

/// Has systemd go on with its tries to start Caddy, which a stop had ended.
fn loop_again(setup: &Setup<'_>) -> Runs {
    match setup.systemd.as_ref().map(|systemd| systemd.start_again(time(setup))) {
        Some(Err(error)) => Runs::Unknown(error.to_string()),
        _ => Runs::Looping,
    }
}

/// Starts Caddy anew; one that is down meanwhile is left to whoever stopped it.
fn restart(setup: &Setup<'_>) -> Runs {
    match setup.systemd.as_ref().map(|systemd| systemd.restart(time(setup))) {
        Some(Ok(())) => Runs::Restarted,
        Some(Err(error)) => Runs::Unknown(error.to_string()),
        None => Runs::Unknown("it cannot be restarted without systemd".to_owned()),
    }
}

/// Gives Caddy `config` again, wherever it answers now.
fn restore(setup: &Setup<'_>, journal: &Journal, config: &Value) -> Runs {
    let deadline = Deadline::after(time(setup));
    match find_ours(setup, journal, deadline) {
        Ok((_, now)) if same_config(&now, config) => Runs::Restored,
        Ok((admin, _)) => {
            let json = config.to_string();
            match load(&admin, json.as_bytes(), config, false, deadline, &Cancel::default(), setup) {
                Ok(()) => Runs::Restored,
                Err(error) => Runs::Unknown(error.to_string()),
            }
        }
        Err(error) if error.is_unreachable() => Runs::Stopped,
        Err(error) => Runs::Unknown(error.to_string()),
    }
}
