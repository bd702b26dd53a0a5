//! Where a deploy goes, and what is known of the Caddy there: the options that the deploying commands share.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl_deploy::admin::address::Address;
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::files::mount::Mounts;
use caddyctl_deploy::files::owner::{Ownership, Reader};
use caddyctl_deploy::files::resolve::{Last, resolve};
use caddyctl_deploy::state::history;
use caddyctl_deploy::systemd::{Systemd, Unit};
use caddyctl_deploy::transaction::fault::{Fault as Broken, FaultPoint, Stop};
use caddyctl_deploy::transaction::world::World;
use caddyctl_language::source::{Env, Limits, shown};
use clap::ValueEnum as _;
use rustix::fs::Access;

use super::judge::Compiler;
use super::known::Known;
use super::{duration, service};
use crate::cli::environment::Environment;
use crate::cli::fault::{Fault, reason};
use crate::cli::limits::{self, Raise};
use crate::cli::{print, program};

/// How long systemd may take to say what a unit is.
const ASKING: Duration = Duration::from_secs(10);

/// The unit of Caddy's packages that resumes what was loaded last (`caddy run --resume`).
const RIVAL: &str = "caddy-api.service";

/// The user of Caddy's packages.
const USUAL_USER: &str = "caddy";

/// Options of every command that deploys or looks at what is deployed.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// Treat this folder as the host's root: files only, unless --admin is given too. For images and tests.
    #[arg(long, value_name = "DIR", default_value = "/", hide_default_value = true)]
    root: PathBuf,
    /// Where Caddy's admin API answers: localhost:2019, `http://127.0.0.1:2019`, unix//run/caddy/admin.sock. Without it,
    /// what the installed and the new Caddyfile say.
    #[arg(long, value_name = "ADDRESS")]
    admin: Option<Address>,
    /// Whose process may be asked and sent a configuration, by name or number, beside root's and that of the service's user.
    #[arg(long, value_name = "USER", value_parser = user)]
    admin_user: Option<u32>,
    /// Neither ask nor tell systemd: files and the admin API only, as in a container.
    #[arg(long)]
    no_systemd: bool,
    /// The systemd unit that is Caddy.
    #[arg(long, value_name = "NAME", default_value = "caddy.service")]
    unit: String,
    /// How long the whole may take.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    timeout: Duration,
    /// How long to wait for another deploy to end.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    wait: Duration,
    /// Whose reading of the Caddyfile counts: caddyctl (Caddy 2.11.7, without asking), caddy (that of this host), or both:
    /// where they differ, that of this host's Caddy, and the points are named.
    #[arg(long, value_enum, default_value_t, value_name = "WHO", hide_possible_values = true)]
    compiler: Compiler,
    /// The Caddy to ask. Without it, the program of the unit, or the `caddy` of the path.
    #[arg(long, value_name = "PROGRAM")]
    caddy: Option<PathBuf>,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    pub raise: Raise,
}

/// What was found there.
pub struct Found {
    pub host: Host,
    pub systemd: Option<(Systemd, Unit)>,
    pub env: Env,
    /// The user of the service.
    pub reader: Option<Reader>,
    /// How many times as much as by default the Caddyfile of a source may grow to.
    pub raised: u32,
    /// The same for the installed one, as it was allowed when that was deployed.
    remembered: u32,
    /// The options for a later run that is to find the same here.
    pub(super) again: Vec<String>,
    /// The host's Caddy.
    pub(super) program: Option<PathBuf>,
    pub(super) compiler: Compiler,
    /// Whether the host's Caddy did not answer when it was asked; it is not asked again.
    pub(super) asked_in_vain: Cell<bool>,
    pub(super) admin: Option<Address>,
    /// The users whose processes may be asked and sent a configuration; `None` for all.
    pub(super) admin_users: Option<Vec<u32>>,
    /// Why the host's Caddy is not asked, where it is not.
    pub(super) unasked: Option<String>,
    /// What of the service's environment could not be read.
    unread: Vec<String>,
    pub(super) timeout: Duration,
    wait: Duration,
}

impl Place {
    /// Looks around; changes nothing.
    pub fn look(&self) -> anyhow::Result<Found> {
        let unit = if self.unit.contains('.') { self.unit.clone() } else { format!("{}.service", self.unit) };
        let mut host = Host { unit, ..Host::new(staged(&self.root)?) };
        let systemd = self.systemd(&host)?;
        if let Some((_, unit)) = &systemd {
            host.caddyfile = service::caddyfile(unit, &host)?;
        }
        let (env, unread) = match &systemd {
            Some((_, unit)) => {
                let (env, unread) = service::environment(unit);
                (self.environment.over(env)?, unread)
            }
            None => (self.environment.read()?, Vec::new()),
        };
        for reason in &unread {
            print::stderr(format!("warning: {reason}; its variables are left out\n"));
        }
        let user = systemd.as_ref().map(|(_, unit)| unit.get("User")).filter(|user| !user.is_empty());
        let reader = user.and_then(Reader::of_this_machine);
        let program = self.program(&host, systemd.as_ref().map(|(_, unit)| unit))?;
        let unasked = program.as_deref().and_then(|program| not_for_root(program, user, reader.as_ref()));
        if let (Some(reason), Compiler::Caddy) = (&unasked, self.compiler) {
            return Err(Fault::world(format!("the caddy of this host cannot be asked: {reason}")).into());
        }
        // An image does not say how much it may grow to.
        let remembered = if host.is_staged() { 1 } else { history::raised(&host) };
        let admin_users = self.admin_users(systemd.as_ref().map(|(_, unit)| unit), reader.as_ref());
        Ok(Found {
            host,
            systemd,
            env,
            reader,
            program,
            compiler: self.compiler,
            asked_in_vain: Cell::new(false),
            raised: self.raise.factor(),
            remembered,
            again: self.again(),
            admin: self.admin.clone(),
            admin_users,
            unasked,
            unread,
            timeout: self.timeout,
            wait: self.wait,
        })
    }

    /// The options that a later run needs to find the same, beside the unit.
    fn again(&self) -> Vec<String> {
        let absolute = |path: &Path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            path.to_string_lossy().into_owned()
        };
        let compiler =
            self.compiler.to_possible_value().map(|value| format!("--compiler={}", value.get_name()));
        let mut words = vec![
            format!("--timeout={}ms", self.timeout.as_millis()),
            format!("--raise-limits={}", self.raise.factor()),
        ];
        words.extend(compiler);
        words.extend(self.admin.as_ref().map(|address| format!("--admin={address}")));
        words.extend(self.admin_user.map(|user| format!("--admin-user={user}")));
        words.extend(self.caddy.as_deref().map(|program| format!("--caddy={}", absolute(program))));
        words.extend(self.environment.files().iter().map(|file| format!("--envfile={}", absolute(file))));
        words
    }

    /// The Caddy of the host: what the unit starts, or else what a shell would.
    fn program(&self, host: &Host, unit: Option<&Unit>) -> anyhow::Result<Option<PathBuf>> {
        if let Some(given) = &self.caddy {
            let there = std::path::absolute(given).ok().filter(|path| path.is_file());
            let missing = || Fault::world(format!("there is no program {}", shown::path(given)));
            return there.map(Some).ok_or_else(|| missing().into());
        }
        let found = match unit {
            Some(unit) => unit.program(),
            // What lies in an image may not run here.
            None if host.is_staged() => None,
            None => program::find("caddy"),
        };
        if found.is_none() && self.compiler == Compiler::Caddy {
            return Err(Fault::world("no Caddy was found to ask").help("--caddy names its program").into());
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

    fn systemd(&self, host: &Host) -> anyhow::Result<Option<(Systemd, Unit)>> {
        if self.no_systemd || host.is_staged() {
            return Ok(None);
        }
        let files_only = "--no-systemd deploys the files and speaks to the admin API only";
        if !Systemd::is_here() {
            return Err(Fault::world("this machine does not run systemd").help(files_only).into());
        }
        let systemd = Systemd::new(program::systemctl(), &host.unit);
        let unit = systemd.show(ASKING).map_err(|error| {
            let fault = Fault::world(error.to_string());
            if rustix::process::geteuid().is_root() { fault } else { fault.help("run this as root (sudo)") }
        })?;
        if unit.get("LoadState") == "masked" {
            let message = format!(
                "{} is masked: systemd does not start it, neither now nor at the next boot",
                host.unit
            );
            return Err(Fault::world(message).help(format!("`systemctl unmask {}`", host.unit)).into());
        }
        if !unit.exists() {
            let message = format!("systemd knows no unit {}", host.unit);
            return Err(Fault::world(message).help(format!("--unit names another one; {files_only}")).into());
        }
        Ok(Some((systemd, unit)))
    }
}

/// The folder that is the host's root, without links on the way to it: they are followed once, here.
fn staged(given: &Path) -> anyhow::Result<PathBuf> {
    let unusable = |why: String| Fault::world(format!("cannot use --root {}: {why}", shown::path(given)));
    let path = std::path::absolute(given).map_err(|error| unusable(reason(&error)))?;
    let found = resolve(Path::new("/"), &path, Last::Follow).map_err(|error| unusable(reason(&error)))?;
    let to = found.path.clone();
    Ok(found.trusted().map_err(|link| {
        unusable(link.to_string()).help(format!("name the folder itself: --root {}", shown::path(&to)))
    })?)
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
        return Some(format!("this machine does not know {user}, the service's user"));
    }
    let found = Ownership::of(&program.metadata().ok()?);
    let is_roots = found.uid == Some(0) && found.mode & 0o002 == 0;
    (!is_roots).then(|| format!("{} is not root's, and root does not run it", shown::path(program)))
}

/// A user by name or number.
fn user(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().or_else(|| Reader::of_this_machine(text).map(|user| user.uid));
    number.ok_or_else(|| format!("this machine knows no user `{}`", shown::line(text)))
}

impl Found {
    /// How long the whole command may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How much the Caddyfile of a source may grow.
    pub fn limits(&self) -> Limits {
        limits::raised(self.raised)
    }

    /// How much the installed one, and what runs, may grow.
    pub(super) fn limits_of_installed(&self) -> Limits {
        limits::raised(self.raised.max(self.remembered))
    }

    /// Whether the environment of the service is known as a whole; with a part of it another configuration comes out.
    pub fn knows_environment(&self) -> anyhow::Result<()> {
        match self.unread.first() {
            None => Ok(()),
            Some(reason) => {
                Err(Fault::world(reason.clone()).help("the unit needs a regular file there, or none").into())
            }
        }
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
    pub fn may_write(&self) -> anyhow::Result<()> {
        for folder in [self.host.real(self.host.config_folder()), self.host.state_folder()] {
            let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
            if let Err(error) = rustix::fs::access(there, Access::WRITE_OK | Access::EXEC_OK) {
                let error = std::io::Error::from(error);
                let fault = Fault::world(format!(
                    "cannot write to {}: {}",
                    shown::path(there),
                    super::fault::reason(&error)
                ));
                let help = if rustix::process::geteuid().is_root() {
                    "the folder has to be writable for a deploy"
                } else {
                    "run this as root (sudo), or stage the files with --root DIR"
                };
                return Err(fault.help(help).into());
            }
        }
        Ok(())
    }

    /// Whether Caddy would come up again after the deploy: a process outlives its program, until it is restarted.
    pub fn can_restart(&self) -> anyhow::Result<()> {
        let program = self.systemd.as_ref().and_then(|(_, unit)| unit.program());
        let Some(program) = program.filter(|program| !is_executable(program)) else { return Ok(()) };
        let message = format!(
            "there is no program {}, which {} starts: caddy would not come up again",
            shown::path(program),
            self.host.unit
        );
        Err(Fault::world(message).help("install caddy again, and then deploy").into())
    }

    /// Debian's other unit runs a Caddy that keeps what was loaded last: it would take the load and forget the file.
    pub fn has_no_rival(&self) -> anyhow::Result<()> {
        let Some((systemd, unit)) = self.systemd.as_ref().filter(|(_, unit)| !unit.is_active()) else {
            return Ok(());
        };
        let rival = systemd.of(RIVAL).show(ASKING)?;
        if self.host.unit == RIVAL || unit.is_active() || !rival.is_active() {
            return Ok(());
        }
        let fault = Fault::world(format!(
            "{RIVAL} runs, and {} does not: a deploy would reach the wrong caddy",
            self.host.unit
        ));
        Err(fault
            .help(format!("`systemctl disable --now {RIVAL} && systemctl enable --now {}`", self.host.unit))
            .into())
    }

    /// The world of a deploy to this place.
    pub fn world<'w>(&self, admin: Known, compile: &'w dyn Fn() -> Result<Vec<u8>, String>) -> World<'w> {
        World {
            mounts: Mounts::of_this_process(),
            admin: admin.addresses,
            ruled_out: admin.ruled_out,
            admin_users: self.admin_users.clone(),
            memory: self.limits_of_installed().memory,
            raised: self.raised,
            systemd: self.systemd.as_ref().map(|(systemd, _)| systemd.clone()),
            reader: self.reader.clone(),
            who: who(),
            timeout: self.timeout,
            wait: self.wait,
            fault: broken(),
            compile_installed: compile,
            ..World::files_only(self.host.clone())
        }
    }
}

/// Who runs this, for the history and for a second deploy.
fn who() -> String {
    ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default()
}

/// A test's wish to die at a place; never in a release build.
fn broken() -> Broken {
    let name = std::env::var("CADDYCTL_FAULT").ok().filter(|_| cfg!(debug_assertions));
    Broken(name.and_then(|name| FaultPoint::named(&name)).map(|point| (point, Stop::Kill)))
}
