//! Where a deploy goes, and what is known of the Caddy there: the options that the deploying commands share.

use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl_deploy::admin::address::Address;
use caddyctl_deploy::files::owner::Reader;
use caddyctl_deploy::place::judge::Compiler as WhoReads;
use caddyctl_deploy::place::version::OtherVersion;
use caddyctl_deploy::place::{Found, Named, Options, PlaceError};
use caddyctl_deploy::transaction::fault::{Fault as Broken, FaultPoint, Stop};
use caddyctl_language::Version;
use caddyctl_language::source::{Limits, shown};
use clap::ValueEnum as _;

use super::duration;
use crate::cli::environment::Environment;
use crate::cli::fault::Fault;
use crate::cli::limits::{Raise, STACK};
use crate::cli::with::{self, For, Packages, Wanted};
use crate::cli::{environment, print, program};

/// Whose reading of the Caddyfile is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Compiler {
    /// Caddyctl's own; the host's Caddy is only asked for its version.
    Caddyctl,
    /// That of the host's Caddy.
    Caddy,
    /// Both: where they differ, that of the host's Caddy, and the points are named.
    #[default]
    Both,
}

impl From<Compiler> for WhoReads {
    fn from(given: Compiler) -> Self {
        match given {
            Compiler::Caddyctl => Self::Caddyctl,
            Compiler::Caddy => Self::Caddy,
            Compiler::Both => Self::Both,
        }
    }
}

/// Options of every command that deploys or looks at what is deployed.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// Use the files below this folder instead of `/`, for images and tests. Caddy is not contacted unless --admin is given.
    #[arg(long, value_name = "DIR", default_value = "/", hide_default_value = true)]
    root: PathBuf,
    /// The address of Caddy's admin API, such as localhost:2019, `http://127.0.0.1:2019` or unix//run/caddy/admin.sock.
    /// Without it, the addresses in the installed and the new Caddyfile.
    #[arg(long, value_name = "ADDRESS")]
    admin: Option<Address>,
    /// Also accept an admin API that runs as this user (name or number). By default it must run as root or as the service's
    /// user.
    #[arg(long, value_name = "USER", value_parser = user)]
    admin_user: Option<u32>,
    /// Do not use systemd, only files and the admin API. For example, in a container.
    #[arg(long)]
    no_systemd: bool,
    /// The systemd unit of Caddy.
    #[arg(long, value_name = "NAME", default_value = "caddy.service")]
    unit: String,
    /// The time limit of the whole command.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    timeout: Duration,
    /// How long to wait for another deploy to end.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    wait: Duration,
    /// The program that compiles the Caddyfile: caddyctl (as the version of the host's Caddy does), caddy (the Caddy of the
    /// host), or both.
    /// If both give different results, that of the host's Caddy is used, and the differences are listed.
    #[arg(long, value_enum, default_value_t, value_name = "WHO", hide_possible_values = true)]
    compiler: Compiler,
    /// The Caddy program. Without it, the program that the unit starts, or `caddy` in PATH.
    #[arg(long, value_name = "PROGRAM")]
    caddy: Option<PathBuf>,
    /// The version of Caddy that the files are for, where no Caddy can be asked. A host's Caddy of another version is an
    /// error.
    #[arg(long = "for", value_name = "VERSION", value_parser = Version::known)]
    version: Option<Version>,
    #[command(flatten)]
    packages: Packages,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    pub raise: Raise,
}

impl Place {
    /// The same place for these plugins and this version.
    #[must_use]
    pub fn with(self, packages: Packages, version: For) -> Self {
        Self { packages, version: version.named(), ..self }
    }

    /// This machine with the unit `unit`, and everything else as it is without options.
    pub fn of_unit(unit: &str) -> Self {
        let minute = Duration::from_mins(1);
        Self {
            root: PathBuf::from("/"),
            admin: None,
            admin_user: None,
            no_systemd: false,
            unit: unit.to_owned(),
            timeout: minute,
            wait: minute,
            compiler: Compiler::default(),
            caddy: None,
            version: None,
            packages: Packages::default(),
            environment: Environment::default(),
            raise: Raise::default(),
        }
    }

    /// Looks around; changes nothing. Of plugins those count that the command line names.
    pub fn look(&self) -> anyhow::Result<Found> {
        self.look_for(None)
    }

    /// The same for a Caddyfile, whose settings may name plugins and a version, too.
    pub fn look_for(&self, main: Option<&Path>) -> anyhow::Result<Found> {
        let found = self.look_around()?;
        let wanted = self.wanted(main)?;
        self.know(&found, wanted)?;
        Ok(found)
    }

    /// What the command line and the settings of a Caddyfile name of the Caddy.
    pub fn wanted(&self, main: Option<&Path>) -> anyhow::Result<Wanted> {
        self.packages.wanted(main, false, &mut |_| ())
    }

    /// Takes into account what the command line and the settings name of the Caddy.
    pub fn know(&self, found: &Found, wanted: Wanted) -> anyhow::Result<()> {
        let version = wanted.named_version(For::version(self.version));
        let Wanted { requests, own, .. } = wanted;
        let named = Named { requests, own, version };
        for warning in found.know(&named).map_err(|refusal| with::refused(&refusal))? {
            print::stderr(format!("warning: {warning}\n"));
        }
        Ok(())
    }

    /// The same without what is named. What of the environment cannot be read is reported.
    pub fn look_around(&self) -> anyhow::Result<Found> {
        let found = self.find()?;
        for reason in &found.unread {
            print::stderr(format!("warning: {reason}; its variables are left out\n"));
        }
        Ok(found)
    }

    /// The same without a report.
    pub fn find(&self) -> anyhow::Result<Found> {
        let mut added: Vec<(String, String)> = Vec::new();
        for path in self.environment.files() {
            added.extend(environment::variables(path)?);
        }
        let env = Environment::default().read()?;
        let options = Options {
            root: self.root.clone(),
            admin: self.admin.clone(),
            admin_user: self.admin_user,
            systemctl: (!self.no_systemd).then(program::systemctl),
            unit: self.unit.clone(),
            timeout: self.timeout,
            wait: self.wait,
            compiler: self.compiler.into(),
            caddy: self.caddy.clone(),
            usual: program::find("caddy"),
            env,
            added,
            limits: Limits::default().with_stack(STACK),
            raised: self.raise.factor(),
            who: who(),
            fault: broken(),
            temporary: std::env::temp_dir(),
        };
        Ok(options.look().map_err(Fault::from)?)
    }

    /// The options that a later run needs to find the same, in addition to the unit.
    pub fn again(&self) -> Vec<String> {
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
        words.extend(self.version.map(|version| format!("--for={version}")));
        words.extend(self.packages.with.iter().map(|package| format!("--with={package}")));
        words.extend(self.caddy.as_deref().map(|program| format!("--caddy={}", absolute(program))));
        words.extend(self.environment.files().iter().map(|file| format!("--envfile={}", absolute(file))));
        words
    }
}

impl From<OtherVersion> for Fault {
    fn from(error: OtherVersion) -> Self {
        Self::system(error.to_string()).help(error.help())
    }
}

impl From<PlaceError> for Fault {
    fn from(error: PlaceError) -> Self {
        Self::system(error.to_string()).with_help(error.help())
    }
}

/// A user by name or number.
fn user(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().or_else(|| Reader::of_this_machine(text).map(|user| user.uid));
    number.ok_or_else(|| format!("user `{}` does not exist on this machine", shown::line(text)))
}

/// Who runs this, for the history and for a second deploy.
fn who() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let own = || Reader::name_of(Path::new("/"), rustix::process::getuid().as_raw());
    named.filter(|name| !name.is_empty()).or_else(own).unwrap_or_default()
}

/// A test's wish to die at a place; never in a release build.
fn broken() -> Broken {
    let name = std::env::var("CADDYCTL_FAULT").ok().filter(|_| cfg!(debug_assertions));
    Broken(name.and_then(|name| FaultPoint::named(&name)).map(|point| (point, Stop::Kill)))
}
