//! Why a deploy did not happen. All wording is here or in the errors it is made of.

use std::time::Duration;

use super::check::CheckError;
use super::fault::Stopped;
use super::load::LoadError;
use super::recover::RecoverError;
use super::setup::{Step, Unforeseen};
use super::switch::SwitchError;
use super::undo::Undo;
use super::units::UnitsError;
use crate::admin::AdminError;
use crate::admin::address::Address;
use crate::files::write::WriteError;
use crate::listener::Listener;
use crate::process::run::RunError;
use crate::state::lock::LockError;
use caddyctl_language::source::shown;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// Another deploy.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// What an earlier deploy left.
    #[error(transparent)]
    Recover(#[from] RecoverError),
    /// Caddy could not be asked what runs.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The configuration would do harm.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// A file.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The load.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// systemd.
    #[error(transparent)]
    Systemd(#[from] RunError),
    /// What systemd made of the drop-in.
    #[error(transparent)]
    Units(#[from] UnitsError),
    /// A staged file is not as it was written.
    #[error("the staged copy of {} is missing or damaged", shown::path(.0))]
    Staged(std::path::PathBuf),
    /// Another Caddy answers where ours would.
    #[error("{unit} is stopped, but another Caddy responds at {address}")]
    OtherCaddy {
        /// The unit that is stopped.
        unit: String,
        /// Where the other one answers.
        address: Address,
    },
    /// Caddy is down and is not to be started.
    #[error("{0} is stopped, and --no-start is set")]
    NotStarted(String),
    /// Somebody else's edit.
    #[error("somebody else changed {} during the deploy", shown::path(.0))]
    Foreign(std::path::PathBuf),
    /// Files that somebody has edited since the last deployment.
    #[error("{} edited since the last deployment, and this deploy would replace {}", named(.0), if .0.len() == 1 { "it" } else { "them" })]
    Edited(Vec<std::path::PathBuf>),
    /// Another deploy ended while this one waited.
    #[error("deployment {0} ended while this deploy waited, and this one was planned without it")]
    Superseded(String),
    /// A listener of the new configuration does not answer.
    #[error("Caddy accepted the configuration, but {listener} does not respond: {reason}")]
    Silent {
        /// Where.
        listener: Listener,
        /// The last try's error.
        reason: String,
    },
    /// Another program listens where Caddy would.
    #[error("{listener} is held by {holder}, and not by caddy")]
    Taken {
        /// Where.
        listener: Listener,
        /// The program.
        holder: String,
    },
    /// Caddy was started, and ended.
    #[error("{unit} started, but did not keep running: {words}{}", held(taken.as_ref()))]
    Died {
        /// The unit.
        unit: String,
        /// The last error that it logged.
        words: String,
        /// A listener of the configuration that another program has, and the program.
        taken: Option<(Listener, String)>,
    },
    /// The next start is not what was verified.
    #[error(transparent)]
    Unforeseen(#[from] Unforeseen),
    /// Caddy has no certificate for a site, and will have none in time.
    #[error("Caddy has no certificate for {name} yet: {words}")]
    NoCertificate {
        /// The site.
        name: String,
        /// Caddy's last words about it, or what its answer was.
        words: String,
    },
    /// A check of the served sites failed.
    #[error("the checks failed: {0}")]
    Checks(String),
    /// Time is up.
    #[error("the deploy took more than {} s, and stopped before `{}`", within.as_secs_f64(), step.name())]
    TimedOut {
        /// The step that was not begun.
        step: Step,
        /// The time that was given.
        within: Duration,
    },
    /// A signal.
    #[error("stopped on request")]
    Cancelled,
    /// A test.
    #[error("stopped by a fault point")]
    Stopped,
}

fn named(paths: &[std::path::PathBuf]) -> String {
    let names: Vec<String> = paths.iter().take(5).map(shown::path).collect();
    let more = if paths.len() > 5 { format!(" and {} more", paths.len() - 5) } else { String::new() };
    format!("{}{more} {}", names.join(", "), if paths.len() == 1 { "was" } else { "were" })
}

fn held(taken: Option<&(Listener, String)>) -> String {
    taken.map_or_else(String::new, |(listener, holder)| format!("; {listener} is held by {holder}"))
}

impl Cause {
    /// Whether the input is at fault (exit status 1), as opposed to a system error (exit status 2).
    pub fn is_input(&self) -> bool {
        match self {
            Self::Check(CheckError::Unreadable(_) | CheckError::NoSpace { .. }) => false,
            Self::Check(_)
            | Self::Checks(_)
            | Self::Edited(_)
            | Self::NoCertificate { .. }
            | Self::Superseded(_)
            | Self::Silent { .. }
            | Self::Taken { .. }
            | Self::Died { .. } => true,
            Self::Load(LoadError::Admin(AdminError::Refused { status, .. })) => *status == 400,
            _ => false,
        }
    }

    /// What to do about it, beyond what is true now.
    pub fn help(&self) -> Option<String> {
        let words = match self {
            Self::Check(error) => return error.help(),
            Self::Lock(LockError::Held(_)) => "wait for it, or use --wait 5m",
            Self::Write(error) | Self::Lock(LockError::Write(error)) if error.help().is_some() => {
                return error.help();
            }
            Self::Lock(LockError::Write(_)) => "run this as root (sudo)",
            Self::Admin(error) => return error.help().map(str::to_owned),
            Self::Load(LoadError::Admin(error)) if !error.is_ambiguous() => {
                return error.help().map(str::to_owned);
            }
            Self::OtherCaddy { .. } => {
                "stop the other one, or name its unit with --unit; --no-systemd deploys to whatever responds there"
            }
            Self::NotStarted(_) => "start it, or deploy without --no-start",
            Self::Edited(_) => {
                "move the edits into the source, or use --replace-edits; the edited files are kept, and `caddyctl rollback` restores them"
            }
            Self::Superseded(_) => "`caddyctl history` lists it; deploy again, or give --replace-edits",
            Self::NoCertificate { .. } => {
                "`caddyctl doctor` says what keeps caddy from it; --timeout 5m waits longer, --no-checks does not wait"
            }
            Self::Foreign(_) => "review the change, and deploy again",
            Self::Taken { holder, .. } | Self::Died { taken: Some((_, holder)), .. } => {
                return Some(format!("stop {holder}, or give it or the site another port"));
            }
            Self::Silent { .. } => {
                "check the address, and what is between this machine and the listener; --no-probe skips the listeners"
            }
            Self::Checks(_) => "see checks.toml for the checks; --no-checks skips them",
            Self::Unforeseen(_) => {
                "`systemctl cat` shows the files of the unit, and `systemctl show` what is in force; deploy again"
            }
            Self::TimedOut { .. } => "allow more time with --timeout",
            _ => return None,
        };
        Some(words.to_owned())
    }

    /// Caddy's own words, when it refused the configuration.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Load(LoadError::Admin(AdminError::Refused { message, .. })) => Some(message),
            _ => None,
        }
    }
}

impl From<SwitchError> for Cause {
    fn from(error: SwitchError) -> Self {
        match error {
            SwitchError::Write(error) => Self::Write(error),
            SwitchError::Missing(path) => Self::Staged(path),
            SwitchError::Foreign(path) => Self::Foreign(path),
            SwitchError::Stopped => Self::Stopped,
        }
    }
}

impl From<Stopped> for Cause {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// A deploy that did not happen.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// Why.
    #[source]
    pub cause: Box<Cause>,
    /// What was put back; `None` when nothing had been changed.
    pub undo: Option<Undo>,
}

impl<C: Into<Cause>> From<C> for Failure {
    fn from(cause: C) -> Self {
        Self { cause: Box::new(cause.into()), undo: None }
    }
}
