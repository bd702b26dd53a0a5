//! Everything outside the plan that a deploy touches or asks, given by the caller.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::check::{Allow, is_admin_off};
use super::fault::Fault;
use crate::admin::AdminError;
use crate::admin::address::{Address, Endpoint};
use crate::admin::peer;
use crate::admin::running::Inquiry;
use crate::artifact::Artifact;
use crate::files::host::Host;
use crate::files::mount::Mounts;
use crate::files::owner::Reader;
use crate::process::cancel::Cancel;
use crate::state::caddy::HostCaddy;
use crate::state::history::Extras;
use crate::state::lock::{Holder, Lock, LockError};
use crate::systemd::Systemd;
use caddyctl_language::source::Limits;

/// A step of a deploy, for whoever shows progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Waiting for the lock.
    Lock,
    /// Finishing or undoing what an earlier deploy left.
    Recover,
    /// Asking what runs and comparing.
    Plan,
    /// Looking for what would go wrong.
    Check,
    /// Writing files next to their targets.
    Stage,
    /// Loading the configuration into Caddy.
    Load,
    /// Waiting for the first certificate of a site.
    Certificate,
    /// Asking whether it serves.
    Verify,
    /// Putting the files in place.
    Commit,
    /// Putting everything back.
    Undo,
}

impl Step {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Recover => "recover",
            Self::Plan => "plan",
            Self::Check => "check",
            Self::Stage => "stage",
            Self::Load => "load",
            Self::Certificate => "certificate",
            Self::Verify => "verify",
            Self::Commit => "commit",
            Self::Undo => "undo",
        }
    }
}

/// Files of the host that do not compile, in the words of whoever compiles them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Uncompiled(pub String);

/// What the next start of the service has otherwise than what was compiled and checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the next start of Caddy has {0} than what was compiled and checked")]
pub struct Unforeseen(pub String);

/// Checks of the served sites that failed, a line each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unserved(pub String);

/// Compiles the Caddyfile at a path of the host to Caddy's JSON.
pub type CompileAt<'w> = dyn Fn(&Path) -> Result<Vec<u8>, Uncompiled> + 'w;

/// The setup of one deploy.
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of the caller, or a fact, of its own")]
pub struct Setup<'w> {
    /// Where files go.
    pub host: Host,
    /// What is mounted there.
    pub mounts: Mounts,
    /// Where Caddy's admin API may answer, best guess first; empty for files only.
    pub admin: Vec<Address>,
    /// Where it could answer, and where the service does not listen.
    pub ruled_out: Vec<Address>,
    /// The users whose processes may be asked and sent a configuration; `None` for all.
    pub admin_users: Option<Vec<u32>>,
    /// The most bytes of memory that the values of a running configuration may take.
    pub memory: usize,
    /// The service manager, when there is one.
    pub systemd: Option<Systemd>,
    /// The service's user, when it is known.
    pub reader: Option<Reader>,
    /// Who deploys, for the lock and the history.
    pub who: String,
    /// The git revision of the files, for the history.
    pub revision: Option<String>,
    /// Whether the files are not as that revision has them, for the history.
    pub modified: bool,
    /// Who wrote the revision, for the history.
    pub author: Option<String>,
    /// How long all steps together may take.
    pub timeout: Duration,
    /// How long to wait for another deploy.
    pub wait: Duration,
    /// How many times as much as by default the files may grow to, for a recovery and a rollback.
    pub raised: u32,
    /// The Caddy that the files are for, for the history.
    pub caddy: Option<HostCaddy>,
    /// Ask each listener for a sign of life after the load. Not when Caddy listens where this process cannot reach it.
    pub probe: bool,
    /// Load even when nothing changed.
    pub force: bool,
    /// Replace files that somebody has edited since the last deployment.
    pub replace_edits: bool,
    /// The deployment that was in place when the plan was shown: another one that ended since then is not replaced unseen.
    pub baseline: Option<Option<String>>,
    /// Start Caddy when it is stopped.
    pub start: bool,
    /// The Caddyfile that is deployed, where it is a file of this machine; for the history.
    pub source: Option<PathBuf>,
    /// Symbolic links that come in the place of files, and where they lead: those that an earlier deploy replaced.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// What is kept in the history beside the files: the checks of the sites.
    pub extras: Extras,
    /// The files that are installed now and what they compile to, for a rollback to them. `None` when there are none.
    pub found: Option<&'w Artifact>,
    /// What the caller insists on.
    pub allow: Allow,
    /// The wish to stop.
    pub cancel: Cancel,
    /// A test's wish to break off.
    pub fault: Fault,
    /// Compiles the files that are installed now to Caddy's JSON. Used to go back after a crash.
    pub compile_installed: &'w dyn Fn() -> Result<Vec<u8>, Uncompiled>,
    /// The same for the Caddyfile at another place of the host: what Caddy would make of it there.
    pub compile_at: Option<&'w CompileAt<'w>>,
    /// The names that the checks ask over TLS: Caddy may take a while to have a certificate for them.
    pub awaited: Vec<String>,
    /// The caller's own checks of the served sites, run after the load and given the time that is left; the error says
    /// what failed.
    pub checks: &'w dyn Fn(Duration) -> Result<(), Unserved>,
    /// Whether files of the unit were changed that systemd has not read yet.
    pub needs_reload: bool,
    /// Compares the next start of the service, once systemd has read its units, with what was compiled and checked.
    pub foreseen: &'w dyn Fn() -> Result<(), Unforeseen>,
    /// Told when a step begins.
    pub observe: &'w dyn Fn(Step),
    /// Gets what Caddy itself logs while a certificate is waited for.
    pub hears: &'w dyn Fn(&str),
    /// Told who is waited for.
    pub waits: &'w dyn Fn(&Holder),
}

impl Setup<'_> {
    /// Whether the installed files keep the admin API off, so that a Caddy that was started with them cannot be asked.
    pub(crate) fn has_admin_off(&self) -> bool {
        let config = self.found.and_then(|found| crate::json::read(&found.json).ok());
        config.is_some_and(|config| is_admin_off(&config))
    }

    /// `address`, and for a unix socket the same inside the file system of the service, where `PrivateTmp=` hides it.
    pub(crate) fn as_seen_by_service(&self, address: Address) -> Vec<Address> {
        if matches!(address.endpoint(), Endpoint::Tcp(..)) {
            return vec![address];
        }
        let unit = self.systemd.as_ref().and_then(|systemd| systemd.show(Duration::from_secs(5)).ok());
        let hidden = unit.and_then(|unit| unit.main_pid()).map(|pid| {
            let root = Path::new("/proc").join(pid.to_string()).join("root");
            address.below(&root)
        });
        hidden.into_iter().chain([address]).collect()
    }

    /// Refuses to send a configuration to a process of somebody else, who would see its secrets.
    pub(crate) fn may_send(&self, address: &Address) -> Result<(), AdminError> {
        peer::check(address, self.admin_users.as_deref())
    }

    /// The way to ask for the running configuration at `addresses`.
    pub(crate) fn inquiry<'i>(&'i self, addresses: &'i [Address]) -> Inquiry<'i> {
        Inquiry {
            addresses,
            ruled_out: &self.ruled_out,
            users: self.admin_users.as_deref(),
            memory: self.memory,
        }
    }

    /// Takes the lock.
    pub fn lock(&self) -> Result<Lock, LockError> {
        Lock::take_reporting(&self.host, &self.who, self.wait, &self.cancel, self.waits)
    }

    /// A setup of files only, with no checks: what tests and `--root` start from.
    pub fn files_only(host: Host) -> Self {
        Self {
            host,
            mounts: Mounts::of_this_process(),
            admin: Vec::new(),
            ruled_out: Vec::new(),
            admin_users: None,
            memory: Limits::default().memory,
            systemd: None,
            reader: None,
            who: String::new(),
            revision: None,
            modified: false,
            author: None,
            timeout: Duration::from_mins(1),
            wait: Duration::from_mins(1),
            raised: 1,
            caddy: None,
            probe: true,
            force: false,
            replace_edits: true,
            baseline: None,
            start: true,
            source: None,
            links: Vec::new(),
            extras: Extras::new(),
            found: None,
            allow: Allow::default(),
            cancel: Cancel::default(),
            fault: Fault::default(),
            compile_installed: &|| Err(Uncompiled("no compiler is available".to_owned())),
            compile_at: None,
            awaited: Vec::new(),
            checks: &|_| Ok(()),
            needs_reload: false,
            foreseen: &|| Ok(()),
            observe: &|_| {},
            hears: &|_| {},
            waits: &|_| {},
        }
    }
}
