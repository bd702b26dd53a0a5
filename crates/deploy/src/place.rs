//! Where a deploy goes, and what is known of the Caddy there.

pub mod admin;
pub mod authorities;
pub mod compiled;
pub mod installed;
pub mod judge;
pub mod losses;
pub mod units;

use std::cell::{Cell, OnceCell, RefCell};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use rustix::fs::Access;
use rustix::io::Errno;

use crate::admin::address::Address;
use crate::admin::known::Known;
use crate::artifact::{DeployFile, Role};
use crate::files::host::Host;
use crate::files::mount::Mounts;
use crate::files::owner::{Ownership, Reader};
use crate::files::resolve::{Last, Untrusted, resolve};
use crate::process::run::RunError;
use crate::state::history;
use crate::systemd::next::UnitFiles;
use crate::systemd::service::{self, Environment, ServiceError};
use crate::systemd::{Systemd, Unit};
use crate::transaction::fault::Fault;
use crate::transaction::world::{Uncompiled, Unforeseen, World};
use caddyctl_language::source::{Env, Limits, shown};
use installed::Installed;
use judge::Compiler;

/// How long systemd may take to say what a unit is.
const ASKING: Duration = Duration::from_secs(10);

/// The unit of Caddy's packages that resumes what was loaded last (`caddy run --resume`).
const RIVAL: &str = "caddy-api.service";

/// The user of Caddy's packages.
const USUAL_USER: &str = "caddy";

/// What the caller says of the place.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that is the host's root.
    pub root: PathBuf,
    /// Where the admin API answers, where that is known.
    pub admin: Option<Address>,
    /// Whose process may be asked beside root's and that of the service's user, by number.
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
    compilations: Cell<u32>,
}

/// A place that cannot be deployed to.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The folder that is to be the root.
    #[error("cannot use --root {}: {}", shown::path(path), words(source))]
    Root {
        /// The folder.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A link on the way to it.
    #[error("cannot use --root {}: {link}", shown::path(path))]
    RootLink {
        /// The folder.
        path: PathBuf,
        /// The link.
        link: Untrusted,
        /// Where it leads.
        to: PathBuf,
    },
    /// The Caddy to ask.
    #[error("program {} does not exist", shown::path(.0))]
    NoSuchCaddy(PathBuf),
    /// There is none.
    #[error("no Caddy program found")]
    NoCaddy,
    /// It may not be asked.
    #[error("cannot run the host's Caddy: {0}")]
    Unaskable(String),
    /// There is no systemd.
    #[error("this machine does not run systemd")]
    NoSystemd,
    /// systemd did not say.
    #[error(transparent)]
    Systemd(#[from] RunError),
    /// The unit is masked.
    #[error("{0} is masked: systemd does not start it, now or at boot")]
    Masked(String),
    /// There is no such unit.
    #[error("unknown systemd unit {0}")]
    NoUnit(String),
    /// The unit starts Caddy without a Caddyfile.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A part of the service's environment is not known.
    #[error("{0}")]
    Environment(String),
    /// What deploys keep, which only root may read.
    #[error("cannot read {}: permission denied", shown::path(.0))]
    Hidden(PathBuf),
    /// A folder where nothing may be written.
    #[error("cannot write to {}: {}", shown::path(folder), words(source))]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// What the unit starts is not there.
    #[error(
        "program {} does not exist, but {unit} starts it: Caddy would not start again",
        shown::path(program)
    )]
    NoProgram {
        /// The program.
        program: PathBuf,
        /// The unit.
        unit: String,
    },
    /// Another unit is the Caddy that runs.
    #[error("{RIVAL} runs, and {0} does not: a deploy would reach the wrong Caddy")]
    Rival(String),
}

impl PlaceError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let files_only = "--no-systemd uses only files and the admin API";
        let is_root = rustix::process::geteuid().is_root();
        Some(match self {
            Self::Root { .. } | Self::NoSuchCaddy(_) | Self::Unaskable(_) => return None,
            Self::RootLink { to, .. } => format!("name the folder itself: --root {}", shown::path(to)),
            Self::NoCaddy => "name it with --caddy".to_owned(),
            Self::NoSystemd => files_only.to_owned(),
            Self::Systemd(_) if is_root => return None,
            Self::Systemd(_) | Self::Hidden(_) => "run this as root (sudo)".to_owned(),
            Self::Masked(unit) => format!("`systemctl unmask {unit}`"),
            Self::NoUnit(_) => format!("name another one with --unit; {files_only}"),
            Self::Service(_) => "--no-systemd deploys only the files and the configuration".to_owned(),
            Self::Environment(_) => "replace it with a regular file, or remove it".to_owned(),
            Self::Unwritable { .. } if is_root => "the folder has to be writable for a deploy".to_owned(),
            Self::Unwritable { .. } => {
                "run this as root (sudo), or stage the files with --root DIR".to_owned()
            }
            Self::NoProgram { .. } => "install Caddy again, then deploy".to_owned(),
            Self::Rival(unit) => {
                format!("`systemctl disable --now {RIVAL} && systemctl enable --now {unit}`")
            }
        })
    }
}

/// Why something failed, in few words and without error numbers where the kind is well known.
fn words(error: &io::Error) -> String {
    match error.kind() {
        // A link that leads nowhere is named.
        io::ErrorKind::NotFound if error.get_ref().is_none() => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

impl Options {
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
        if rustix::fs::access(&state, Access::READ_OK | Access::EXEC_OK) == Err(Errno::ACCESS) {
            return Err(PlaceError::Hidden(state));
        }
        // An image does not say how much it may grow to.
        let remembered = if host.is_staged() { 1 } else { history::raised(&host) };
        let admin_users = self.admin_users(systemd.as_ref().map(|(_, unit)| unit), reader.as_ref());
        Ok(Found {
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
            Some(unit) => unit.program(),
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
        let Some(systemctl) = self.systemctl.as_ref().filter(|_| !host.is_staged()) else { return Ok(None) };
        if !Systemd::is_here() {
            return Err(PlaceError::NoSystemd);
        }
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

fn is_executable(program: &Path) -> bool {
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
            self.program = next.program();
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

    /// What is said when the service's user can change the folder of the Caddyfile.
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

    /// Whether files may be written here; said before anything is changed.
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
    /// A program that is missing.
    pub fn can_restart(&self) -> Result<(), PlaceError> {
        let program = self.next.as_ref().and_then(Unit::program);
        let Some(program) = program.filter(|program| !is_executable(program)) else { return Ok(()) };
        Err(PlaceError::NoProgram { program, unit: self.host.unit.clone() })
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

    /// The world of a deploy to this place.
    pub fn world<'w>(&self, admin: Known, compile: &'w dyn Fn() -> Result<Vec<u8>, Uncompiled>) -> World<'w> {
        World {
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
            needs_reload: self
                .systemd
                .as_ref()
                .is_some_and(|(_, unit)| unit.get("NeedDaemonReload") == "yes"),
            compile_installed: compile,
            ..World::files_only(self.host.clone())
        }
    }
}
