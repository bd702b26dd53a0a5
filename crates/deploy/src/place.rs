//! Where a deploy goes, and what is known of the Caddy there.

pub mod admin;
mod ahead;
pub mod authorities;
pub mod compiled;
mod error;
pub mod installed;
pub mod judge;
pub mod losses;
mod options;
pub mod program;
pub mod units;
pub mod version;
mod words;

use std::cell::{Cell, OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use rustix::fs::Access;

use crate::admin::address::Address;
use crate::admin::known::Known;
use crate::artifact::{DeployFile, Role};
use crate::compiler::modules::Modules;
use crate::files::host::Host;
use crate::files::mount::Mounts;
use crate::files::owner::{Ownership, Reader};
use crate::state::caddy::HostCaddy;
use crate::systemd::next::UnitFiles;
use crate::systemd::service::{self, Environment};
use crate::systemd::{Systemd, Unit};
use crate::transaction::fault::Fault;
use crate::transaction::setup::{Setup, Uncompiled, Unforeseen};
use caddyctl_language::source::{Env, Limits, shown};
pub use error::PlaceError;
use error::{RIVAL, words};
pub use options::Options;
use options::is_executable;
pub use words::Named;
use words::Words;

use installed::Installed;
use judge::Compiler;

/// How long systemd may take to say what a unit is.
const ASKING: Duration = Duration::from_secs(10);

/// The user of Caddy's packages.
const USUAL_USER: &str = "caddy";

/// What was found there.
pub struct Found {
    /// The host's places.
    pub host: Host,
    /// The service manager and what it says of Caddy's unit.
    pub systemd: Option<(Systemd, Unit)>,
    /// The unit as it is from its next start on.
    pub next: Option<Unit>,
    /// The environment of the service at its next start.
    pub env: Env,
    /// The part of it that systemd gives the process.
    pub given: Env,
    /// The user of the service then.
    pub reader: Option<Reader>,
    /// How many times as much as by default the Caddyfile of a source may grow to.
    pub raised: u32,
    /// What of the service's environment could not be read, each a sentence.
    pub unread: Vec<String>,
    /// Whether systemd was to be used, and this machine does not run it.
    pub lacks_systemd: bool,
    /// The same for the installed one, as it was allowed when that was deployed.
    remembered: u32,
    limits: Limits,
    /// The host's Caddy.
    program: Option<PathBuf>,
    compiler: Compiler,
    /// Whether the host's Caddy did not answer when it was asked; it is not asked again.
    asked_in_vain: Cell<bool>,
    /// Where it finds the files that it is asked about.
    scratch: PathBuf,
    admin: Option<Address>,
    /// The users whose processes may be asked and sent a configuration; `None` for all.
    admin_users: Option<Vec<u32>>,
    /// Why the host's Caddy is not asked, where it is not.
    unasked: Option<String>,
    timeout: Duration,
    wait: Duration,
    who: String,
    fault: Fault,
    systemctl: Option<PathBuf>,
    /// Variables that the caller adds to the environment.
    added: Vec<(String, String)>,
    /// Whether the caller named the host's Caddy.
    is_caddy_given: bool,
    installed: RefCell<OnceCell<Option<Rc<Installed>>>>,
    /// The words that are known of plugins, once they were looked for.
    words: RefCell<Words>,
    /// The modules of the host's Caddy, once they were asked for.
    modules: OnceCell<Option<Modules>>,
    /// The host's Caddy, once it was asked for its version.
    host_caddy: OnceCell<Option<HostCaddy>>,
    /// What the host's Caddy said of the installed Caddyfile beside something else; see [`ahead`].
    ahead: RefCell<Option<ahead::Ahead>>,
    compilations: Cell<u32>,
}

/// Adds variables that are not set yet.
fn add(env: &mut Env, added: &[(String, String)]) {
    for (name, value) in added {
        if env.get(name).is_none() {
            env.set(name, value);
        }
    }
}

impl Found {
    /// Takes into account what the drop-ins among `files` make of the service: its environment, its user, its program and
    /// its Caddyfile are those of its next start, which has them.
    ///
    /// # Errors
    ///
    /// A unit that would start Caddy without a Caddyfile.
    pub fn foresee(&mut self, files: &[DeployFile]) -> Result<(), PlaceError> {
        let (Some((_, unit)), Some(systemctl)) = (&self.systemd, &self.systemctl) else { return Ok(()) };
        let now = UnitFiles::of(unit, &self.host.unit);
        let mut decides = unit.get("NeedDaemonReload") == "yes";
        let mut then = now.clone();
        for file in files.iter().filter(|file| file.role == Role::DropIn) {
            let text = file.bytes.as_deref().map(String::from_utf8_lossy);
            let old = now.iter().find(|(path, _)| *path == file.path).map(|(_, text)| text);
            decides |= old != text.as_deref()
                && [old, text.as_deref()].into_iter().flatten().any(UnitFiles::decides);
            then = then.with(&file.path, text.as_deref());
        }
        if !decides {
            return Ok(());
        }
        let next = unit.after(&then, &self.host.unit);
        self.host.caddyfile = service::caddyfile(&next, &self.host)?;
        Environment { env: self.env, given: self.given, unread: self.unread } =
            service::environment(&next, systemctl);
        add(&mut self.env, &self.added);
        self.reader =
            Some(next.get("User")).filter(|user| !user.is_empty()).and_then(Reader::of_this_machine);
        if !self.is_caddy_given {
            self.program = next.caddy().or_else(|| self.program.take());
            self.modules.take();
            self.host_caddy.take();
        }
        self.next = Some(next);
        self.look_again();
        Ok(())
    }

    /// Whether systemd, now that it has read its units, starts what was foreseen.
    ///
    /// # Errors
    ///
    /// What the next start has otherwise than what was compiled and checked.
    pub fn is_as_foreseen(&self) -> Result<(), Unforeseen> {
        let (Some((systemd, _)), Some(next), Some(systemctl)) = (&self.systemd, &self.next, &self.systemctl)
        else {
            return Ok(());
        };
        let Ok(unit) = systemd.show(ASKING) else { return Ok(()) };
        let mut env = service::environment(&unit, systemctl).env;
        add(&mut env, &self.added);
        let is_new = |name: &str| service::is_of_systemd(name);
        let name = service::differing(&self.env, &env).into_iter().find(|name| !is_new(name));
        if let Some(name) = name {
            return Err(Unforeseen(format!("another value of {name}")));
        }
        let other = [("User", "user"), ("Group", "group")]
            .into_iter()
            .find(|(property, _)| unit.get(property) != next.get(property))
            .map(|(_, what)| format!("another {what}"));
        let program = || (unit.program() != next.program()).then(|| "another program".to_owned());
        let file = || (unit.config_path() != next.config_path()).then(|| "another Caddyfile".to_owned());
        other.or_else(program).or_else(file).map_or(Ok(()), |what| Err(Unforeseen(what)))
    }

    /// Whether the folder that stands for the host is there: nothing is deployed in one that is not.
    ///
    /// # Errors
    ///
    /// A folder that does not exist.
    pub fn exists(&self) -> Result<(), PlaceError> {
        if self.host.root.is_dir() {
            return Ok(());
        }
        Err(PlaceError::Root { path: self.host.root.clone(), source: std::io::ErrorKind::NotFound.into() })
    }

    /// How long the whole command may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How much the Caddyfile of a source may grow.
    pub fn limits(&self) -> Limits {
        self.limits.times(self.raised)
    }

    /// How much the installed one, and what runs, may grow.
    pub fn limits_of_installed(&self) -> Limits {
        self.limits.times(self.raised.max(self.remembered))
    }

    /// How many Caddyfiles were compiled so far.
    pub fn compilations(&self) -> u32 {
        self.compilations.get()
    }

    /// Whether the environment of the service is known as a whole; with a part of it another configuration comes out.
    ///
    /// # Errors
    ///
    /// A file of it that could not be read.
    pub fn knows_environment(&self) -> Result<(), PlaceError> {
        self.unread.first().map_or(Ok(()), |reason| Err(PlaceError::Environment(reason.clone())))
    }

    /// What is reported when the service's user can change the folder of the Caddyfile.
    pub fn loose_folder(&self) -> Option<String> {
        let folder = self.host.config_folder();
        let found = Ownership::of(&self.host.real(folder).metadata().ok()?);
        let user = self.reader.clone().or_else(|| Reader::named(&self.host.root, USUAL_USER))?;
        let is_loose = user.uid != 0 && user.may_write(found);
        is_loose.then(|| {
            format!(
                "warning: the service's user (number {}) can change the folder {1}, and with it what root deploys there\n\
                 help: `chown root: {1} && chmod go-w {1}`\n",
                user.uid,
                shown::path(folder)
            )
        })
    }

    /// Whether files may be written here; reported before anything is changed.
    ///
    /// # Errors
    ///
    /// A folder where they may not.
    pub fn may_write(&self) -> Result<(), PlaceError> {
        for folder in [self.host.real(self.host.config_folder()), self.host.state_folder()] {
            let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
            rustix::fs::access(there, Access::WRITE_OK | Access::EXEC_OK)
                .map_err(|error| PlaceError::Unwritable { folder: there.to_owned(), source: error.into() })?;
        }
        Ok(())
    }

    /// Whether Caddy would come up again after the deploy: a process outlives its program, until it is restarted.
    ///
    /// # Errors
    ///
    /// A program that is missing, and a file of variables without which systemd does not start it.
    pub fn can_restart(&self) -> Result<(), PlaceError> {
        let Some(next) = &self.next else { return Ok(()) };
        let unit = || self.host.unit.clone();
        if let Some(path) = next.missing_environment_files().into_iter().next() {
            return Err(PlaceError::NoEnvironmentFile { path, unit: unit() });
        }
        let Some(program) = next.program().filter(|program| !is_executable(program)) else { return Ok(()) };
        if program.exists() {
            return Err(PlaceError::NotExecutable { program, unit: unit() });
        }
        Err(PlaceError::NoProgram { program, unit: unit() })
    }

    /// Debian's other unit runs a Caddy that keeps what was loaded last: it would take the load and forget the file.
    ///
    /// # Errors
    ///
    /// That unit, when it is the one that runs.
    pub fn has_no_rival(&self) -> Result<(), PlaceError> {
        let Some((systemd, unit)) = self.systemd.as_ref().filter(|(_, unit)| !unit.is_active()) else {
            return Ok(());
        };
        let rival = systemd.of(RIVAL).show(ASKING)?;
        if self.host.unit == RIVAL || unit.is_active() || !rival.is_active() {
            return Ok(());
        }
        Err(PlaceError::Rival(self.host.unit.clone()))
    }

    /// The setup of a deploy to this place.
    pub fn setup<'w>(&self, admin: Known, compile: &'w dyn Fn() -> Result<Vec<u8>, Uncompiled>) -> Setup<'w> {
        Setup {
            mounts: Mounts::of_this_process(),
            admin: admin.addresses,
            ruled_out: admin.ruled_out,
            admin_users: self.admin_users.clone(),
            memory: self.limits_of_installed().memory,
            raised: self.raised,
            systemd: self.systemd.as_ref().map(|(systemd, _)| systemd.clone()),
            reader: self.reader.clone(),
            who: self.who.clone(),
            timeout: self.timeout,
            wait: self.wait,
            fault: self.fault,
            caddy: self.served_by(),
            needs_reload: self
                .systemd
                .as_ref()
                .is_some_and(|(_, unit)| unit.get("NeedDaemonReload") == "yes"),
            compile_installed: compile,
            ..Setup::files_only(self.host.clone())
        }
    }
}
