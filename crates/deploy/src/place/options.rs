//! What the caller says of a place, and how it is looked at.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::Access;
use rustix::io::Errno;

use super::judge::Compiler;
use super::{ASKING, Found, PlaceError, USUAL_USER, add};
use crate::admin::address::Address;
use crate::files::host::Host;
use crate::files::owner::{Ownership, Reader};
use crate::files::resolve::{Last, resolve};
use crate::state::history;
use crate::systemd::next::UnitFiles;
use crate::systemd::service::{self, Environment};
use crate::systemd::{Systemd, Unit};
use crate::transaction::fault::Fault;
use caddyctl_language::source::{Env, Limits, shown};

/// What the caller says of the place.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that is the host's root.
    pub root: PathBuf,
    /// Where the admin API answers, where that is known.
    pub admin: Option<Address>,
    /// Whose process may be asked in addition to root's and that of the service's user, by number.
    pub admin_user: Option<u32>,
    /// The program that speaks to systemd; `None` leaves systemd out.
    pub systemctl: Option<PathBuf>,
    /// The unit that is Caddy.
    pub unit: String,
    /// How long the whole may take.
    pub timeout: Duration,
    /// How long to wait for another deploy.
    pub wait: Duration,
    /// Whose reading of the Caddyfile counts.
    pub compiler: Compiler,
    /// The Caddy to ask; without it, the one of the unit, or else `usual`.
    pub caddy: Option<PathBuf>,
    /// The Caddy that a shell would start.
    pub usual: Option<PathBuf>,
    /// The environment of this process, which counts where there is no service.
    pub env: Env,
    /// Variables to add to the environment, where they are not set.
    pub added: Vec<(String, String)>,
    /// How much a Caddyfile may grow to by default.
    pub limits: Limits,
    /// How many times as much the source may.
    pub raised: u32,
    /// Who deploys.
    pub who: String,
    /// A test's wish to break off.
    pub fault: Fault,
    /// A folder for temporary files of the user of this process.
    pub temporary: PathBuf,
}

impl Options {
    /// This machine with the unit `unit`, to ask what it starts; nothing else is asked.
    pub fn of_unit(unit: &str, systemctl: PathBuf, temporary: PathBuf) -> Self {
        Self {
            root: PathBuf::from("/"),
            admin: None,
            admin_user: None,
            systemctl: Some(systemctl),
            unit: unit.to_owned(),
            timeout: ASKING,
            wait: ASKING,
            compiler: Compiler::default(),
            caddy: None,
            usual: None,
            env: Env::empty(),
            added: Vec::new(),
            limits: Limits::default(),
            raised: 1,
            who: String::new(),
            fault: Fault::default(),
            temporary,
        }
    }

    /// Looks around; changes nothing.
    ///
    /// # Errors
    ///
    /// A place that cannot be deployed to.
    pub fn look(self) -> Result<Found, PlaceError> {
        let unit = if self.unit.contains('.') { self.unit.clone() } else { format!("{}.service", self.unit) };
        let mut host = Host { unit, ..Host::new(staged(&self.root)?) };
        let systemd = self.systemd(&host)?;
        // What systemd has not read yet counts from the next start on, at the latest after a reboot.
        let next = systemd.as_ref().map(|(_, unit)| match unit.get("NeedDaemonReload") {
            "yes" => unit.after(&UnitFiles::of(unit, &host.unit), &host.unit),
            _ => unit.clone(),
        });
        if let Some(unit) = &next {
            host.caddyfile = service::caddyfile(unit, &host)?;
        }
        let Environment { mut env, given, unread } = match (&next, &self.systemctl) {
            (Some(unit), Some(systemctl)) => service::environment(unit, systemctl),
            _ => Environment { env: self.env.clone(), given: Env::empty(), unread: Vec::new() },
        };
        add(&mut env, &self.added);
        let user = next.as_ref().map(|unit| unit.get("User")).filter(|user| !user.is_empty());
        let reader = user.and_then(Reader::of_this_machine);
        let program = self.program(&host, next.as_ref())?;
        let unasked = program.as_deref().and_then(|program| not_for_root(program, user, reader.as_ref()));
        if let (Some(reason), Compiler::Caddy) = (&unasked, self.compiler) {
            return Err(PlaceError::Unaskable(reason.clone()));
        }
        // What cannot be read is not nothing.
        let state = host.state_folder();
        if state.metadata().is_ok_and(|found| !found.is_dir()) {
            return Err(PlaceError::NoFolder(state));
        }
        if rustix::fs::access(&state, Access::READ_OK | Access::EXEC_OK) == Err(Errno::ACCESS) {
            return Err(PlaceError::Hidden(state));
        }
        // An image does not say how much it may grow to.
        let remembered = if host.is_staged() { 1 } else { history::raised(&host) };
        let admin_users = self.admin_users(systemd.as_ref().map(|(_, unit)| unit), reader.as_ref());
        let (is_staged, lacks) = (host.is_staged(), self.systemctl.is_some() && systemd.is_none());
        Ok(Found {
            lacks_systemd: lacks && !is_staged,
            host,
            systemd,
            next,
            env,
            given,
            reader,
            is_caddy_given: self.caddy.is_some(),
            systemctl: self.systemctl,
            added: self.added,
            program,
            compiler: self.compiler,
            asked_in_vain: Cell::new(false),
            scratch: scratch(self.temporary),
            raised: self.raised,
            remembered,
            limits: self.limits,
            admin: self.admin,
            admin_users,
            unasked,
            unread,
            timeout: self.timeout,
            wait: self.wait,
            who: self.who,
            fault: self.fault,
            installed: RefCell::default(),
            words: RefCell::default(),
            modules: OnceCell::new(),
            host_caddy: OnceCell::new(),
            ahead: RefCell::default(),
            compilations: Cell::new(0),
        })
    }

    /// The Caddy of the host: what the unit starts, or else what a shell would.
    fn program(&self, host: &Host, unit: Option<&Unit>) -> Result<Option<PathBuf>, PlaceError> {
        if let Some(given) = &self.caddy {
            let there = std::path::absolute(given).ok().filter(|path| path.is_file());
            return there.map(Some).ok_or_else(|| PlaceError::NoSuchCaddy(given.clone()));
        }
        let found = match unit {
            // A shell is no Caddy; the one that it starts is what a shell would find.
            Some(unit) => unit.caddy().or_else(|| self.usual.clone()),
            // What lies in an image may not run here.
            None if host.is_staged() => None,
            None => self.usual.clone(),
        };
        if found.is_none() && self.compiler == Compiler::Caddy {
            return Err(PlaceError::NoCaddy);
        }
        Ok(found)
    }

    /// The users whose processes may be asked and sent a configuration; any, for a user who has no secrets of others.
    fn admin_users(&self, unit: Option<&Unit>, reader: Option<&Reader>) -> Option<Vec<u32>> {
        if !rustix::process::geteuid().is_root() {
            return None;
        }
        let service = match unit {
            Some(unit) => {
                let process =
                    unit.main_pid().and_then(|pid| Path::new("/proc").join(pid.to_string()).metadata().ok());
                [reader.map(|user| user.uid), process.and_then(|found| Ownership::of(&found).uid)]
            }
            None => [Reader::of_this_machine(USUAL_USER).map(|user| user.uid), None],
        };
        Some([Some(0), self.admin_user].into_iter().chain(service).flatten().collect())
    }

    fn systemd(&self, host: &Host) -> Result<Option<(Systemd, Unit)>, PlaceError> {
        // As in a container, where files and the admin API are all that there is.
        let is_asked = !host.is_staged() && Systemd::is_here();
        let Some(systemctl) = self.systemctl.as_ref().filter(|_| is_asked) else { return Ok(None) };
        let systemd = Systemd::new(systemctl, &host.unit);
        let unit = systemd.show(ASKING)?;
        if unit.get("LoadState") == "masked" {
            return Err(PlaceError::Masked(host.unit.clone()));
        }
        if !unit.exists() {
            return Err(PlaceError::NoUnit(host.unit.clone()));
        }
        Ok(Some((systemd, unit)))
    }
}

/// The folder that is the host's root, without links on the way to it: they are followed once, here.
fn staged(given: &Path) -> Result<PathBuf, PlaceError> {
    let unusable = |source| PlaceError::Root { path: given.to_owned(), source };
    let path = std::path::absolute(given).map_err(unusable)?;
    let found = resolve(Path::new("/"), &path, Last::Follow).map_err(unusable)?;
    let to = found.path.clone();
    found.trusted().map_err(|link| PlaceError::RootLink { path: given.to_owned(), link, to })
}

/// Where the host's Caddy finds the files that it is asked about. `temporary` may be a folder of the user who called sudo.
fn scratch(temporary: PathBuf) -> PathBuf {
    let may_write = |folder: &Path| rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    let run = Path::new("/run");
    if may_write(run) {
        return run.to_owned();
    }
    if rustix::process::geteuid().is_root() { PathBuf::from("/tmp") } else { temporary }
}

pub(super) fn is_executable(program: &Path) -> bool {
    program.is_file() && rustix::fs::access(program, Access::EXEC_OK).is_ok()
}

/// Why root does not run the program as itself, when it does not: whoever may change it would be root.
fn not_for_root(program: &Path, user: Option<&str>, reader: Option<&Reader>) -> Option<String> {
    if !rustix::process::geteuid().is_root() || reader.is_some() {
        return None;
    }
    if let Some(user) = user.filter(|user| !matches!(*user, "root" | "0")) {
        return Some(format!("the service's user {user} does not exist on this machine"));
    }
    let found = Ownership::of(&program.metadata().ok()?);
    let is_roots = found.uid == Some(0) && found.mode & 0o002 == 0;
    (!is_roots).then(|| format!("{} does not belong to root, and root does not run it", shown::path(program)))
}
