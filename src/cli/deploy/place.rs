//! Where a deploy goes, and what is known of the Caddy there: the options that the deploying commands share.

use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl::deploy::address::Address;
use caddyctl::deploy::fault::{Fault as Broken, FaultPoint, Stop};
use caddyctl::deploy::host::Host;
use caddyctl::deploy::mount::Mounts;
use caddyctl::deploy::overlay::Overlay;
use caddyctl::deploy::owner::Reader;
use caddyctl::deploy::run::run;
use caddyctl::deploy::systemd::{Systemd, Unit, environ};
use caddyctl::deploy::world::World;
use caddyctl::source::{Disk, Env};
use rustix::fs::Access;

use super::duration;
use crate::cli::environment::Environment;
use crate::cli::fault::Fault;

/// How long systemd may take to say what a unit is.
const ASKING: Duration = Duration::from_secs(10);

/// The unit of Caddy's packages that resumes what was loaded last (`caddy run --resume`).
const RIVAL: &str = "caddy-api.service";

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
    #[command(flatten)]
    environment: Environment,
}

/// What was found there.
pub struct Found {
    pub host: Host,
    pub systemd: Option<(Systemd, Unit)>,
    pub env: Env,
    admin: Option<Address>,
    timeout: Duration,
    wait: Duration,
}

impl Place {
    /// Looks around; changes nothing.
    pub fn look(&self) -> anyhow::Result<Found> {
        let unit = if self.unit.contains('.') { self.unit.clone() } else { format!("{}.service", self.unit) };
        let root = std::path::absolute(&self.root).unwrap_or_else(|_| self.root.clone());
        let mut host = Host { unit, ..Host::new(root) };
        let systemd = self.systemd(&host)?;
        if let Some((_, unit)) = &systemd {
            host.caddyfile = caddyfile_of(unit, &host)?;
        }
        let service = systemd.as_ref().map(|(_, unit)| service_environment(unit));
        let env = match service {
            Some(service) => self.environment.over(service)?,
            None => self.environment.read()?,
        };
        Ok(Found { host, systemd, env, admin: self.admin.clone(), timeout: self.timeout, wait: self.wait })
    }

    fn systemd(&self, host: &Host) -> anyhow::Result<Option<(Systemd, Unit)>> {
        if self.no_systemd || host.is_staged() {
            return Ok(None);
        }
        let files_only = "--no-systemd deploys the files and speaks to the admin API only";
        if !Systemd::is_here() {
            return Err(Fault::world("this machine does not run systemd").help(files_only).into());
        }
        let systemd = Systemd::new("systemctl", &host.unit);
        let unit = systemd.show(ASKING)?;
        if !unit.exists() {
            let message = format!("systemd knows no unit {}", host.unit);
            return Err(Fault::world(message).help(format!("--unit names another one; {files_only}")).into());
        }
        Ok(Some((systemd, unit)))
    }
}

impl Found {
    /// Whether files may be written here; said before anything is changed.
    pub fn may_write(&self) -> anyhow::Result<()> {
        self.has_no_rival()?;
        for folder in [self.host.on_disk(self.host.config_folder()), self.host.state_folder()] {
            let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
            if let Err(error) = rustix::fs::access(there, Access::WRITE_OK | Access::EXEC_OK) {
                let error = std::io::Error::from(error);
                let fault = Fault::world(format!(
                    "cannot write to {}: {}",
                    there.display(),
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

    /// Debian's other unit runs a Caddy that keeps what was loaded last: it would take the load and forget the file.
    fn has_no_rival(&self) -> anyhow::Result<()> {
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

    /// Compiles the installed Caddyfile; the error is in words.
    pub fn compile_installed(&self) -> Result<Vec<u8>, String> {
        let disk = Disk::new("/");
        let main = self.host.on_disk(&self.host.caddyfile);
        let compilation = Overlay::new(&self.host, &disk, &main, None).compile(&self.env);
        let compilation = compilation.map_err(|error| format!("{}: {error}", main.display()))?;
        let first = || {
            compilation.diagnostics.iter().find(|found| found.is_error()).map(|found| found.message.clone())
        };
        compilation.json().ok_or_else(|| format!("{}: {}", main.display(), first().unwrap_or_default()))
    }

    /// Where to look for the admin API: where the user says, else where the installed file, the environment, the new
    /// configuration (`new`) or Caddy's default have it. A unix socket is also looked for inside the service's own
    /// file system, where `PrivateTmp` hides it.
    pub fn admin(&self, new: Option<&serde_json::Value>) -> Vec<Address> {
        if let Some(address) = &self.admin {
            return self.with_hidden(vec![address.clone()]);
        }
        if self.host.is_staged() {
            return Vec::new();
        }
        let installed = self.compile_installed().ok().and_then(|json| serde_json::from_slice(&json).ok());
        let mut all: Vec<Address> = Vec::new();
        let named = [installed.as_ref(), new].into_iter().flatten();
        all.extend(named.filter_map(|config| Address::of_config(config).ok().flatten()));
        all.extend(self.env.get("CADDY_ADMIN").and_then(|written| Address::parse(written).ok()));
        all.push(Address::standard());
        let mut seen = Vec::new();
        all.retain(|address| {
            !seen.contains(address) && {
                seen.push(address.clone());
                true
            }
        });
        self.with_hidden(all)
    }

    fn with_hidden(&self, addresses: Vec<Address>) -> Vec<Address> {
        let Some(pid) = self.systemd.as_ref().and_then(|(_, unit)| unit.main_pid()) else { return addresses };
        let root = PathBuf::from(format!("/proc/{pid}/root"));
        let both = |address: Address| {
            let hidden = address.below(&root);
            if hidden == address { vec![address] } else { vec![hidden, address] }
        };
        addresses.into_iter().flat_map(both).collect()
    }

    /// The world of a deploy to this place.
    pub fn world<'w>(
        &self,
        admin: Vec<Address>,
        compile: &'w dyn Fn() -> Result<Vec<u8>, String>,
    ) -> World<'w> {
        let user = self.systemd.as_ref().map(|(_, unit)| unit.get("User")).filter(|user| !user.is_empty());
        World {
            mounts: Mounts::of_this_process(),
            admin,
            systemd: self.systemd.as_ref().map(|(systemd, _)| systemd.clone()),
            reader: user.and_then(|user| Reader::named(&self.host.root, user)),
            who: who(),
            timeout: self.timeout,
            wait: self.wait,
            fault: broken(),
            compile_installed: compile,
            ..World::files_only(self.host.clone())
        }
    }

    /// The git revision of the files in `folder`, when they are in a repository.
    pub fn revision(folder: &Path) -> Option<String> {
        folder.ancestors().find(|folder| folder.join(".git").exists())?;
        let folder = folder.to_str()?;
        let said =
            run(Path::new("git"), &["-C", folder, "rev-parse", "HEAD"], Duration::from_secs(5)).ok()?;
        Some(said.trim().to_owned()).filter(|revision| !revision.is_empty())
    }
}

/// The Caddyfile that the unit starts Caddy with.
fn caddyfile_of(unit: &Unit, host: &Host) -> anyhow::Result<PathBuf> {
    let fault = |message: String| {
        Fault::world(message).help("--no-systemd deploys the files and the configuration only")
    };
    match unit.config_path().filter(|path| path.is_absolute()) {
        Some(path) if path.extension().is_some_and(|extension| extension == "json") => {
            Err(fault(format!("{} starts caddy with the JSON file {}", host.unit, path.display())).into())
        }
        Some(path) => Ok(path),
        None if unit.get("ExecStart").contains("--resume") => {
            let message =
                format!("{} resumes what was loaded last, and reads no Caddyfile when it starts", host.unit);
            Err(fault(message).into())
        }
        None => Ok(host.caddyfile.clone()),
    }
}

/// What the running server has, and over it what its unit says now.
fn service_environment(unit: &Unit) -> Env {
    let running = unit.main_pid().and_then(|pid| std::fs::read(format!("/proc/{pid}/environ")).ok());
    let mut env = running.map_or_else(Env::empty, |bytes| environ(&bytes));
    // systemd gives a service the home of its user, which a service that does not run cannot tell.
    if let (None, Some(home)) = (env.get("HOME"), home(unit.get("User"))) {
        env.set("HOME", &home);
    }
    for (name, value) in unit.environment(&|path| std::fs::read_to_string(path).ok()).iter() {
        env.set(name, value);
    }
    env
}

/// The home of a user of this machine.
fn home(user: &str) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let fields =
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == user)?;
    fields.get(5).map(|home| (*home).to_owned())
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
