//! `--service`: the environment that a systemd unit gives to Caddy: what `systemctl show` says of it, and the files that it names.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl_deploy::place::Options;
use caddyctl_deploy::process::run::RunError;
use caddyctl_deploy::state::caddy::HostCaddy;
use caddyctl_deploy::systemd::Systemd;
use caddyctl_deploy::systemd::service::existing;
use caddyctl_host::regular;
use caddyctl_language::Version;
use caddyctl_language::source::{Env, shown};

use crate::cli::fault::{Fault, reason};
use crate::cli::{print, program};

/// How long systemd may take to say what a unit is.
const PATIENCE: Duration = Duration::from_secs(10);

/// What help shows of it.
pub const EXAMPLE: &str = "  caddyctl validate --service caddy --check-files\n";

/// The argument that names a unit.
#[derive(Debug, Default, clap::Args)]
pub struct OfService {
    /// Use the environment of this systemd unit (`Environment=`, `EnvironmentFile=`, `User=`) instead of your own.
    #[arg(long, value_name = "UNIT")]
    service: Option<String>,
}

impl OfService {
    /// The environment of the unit, when one is named. Adds its files to `seen`; what cannot be read is reported on standard
    /// error.
    pub fn read(&self, seen: &mut dyn FnMut(&Path)) -> anyhow::Result<Option<Env>> {
        let Some(unit) = &self.service else { return Ok(None) };
        let service = Service::ask(unit)?;
        for unread in &service.unread {
            let unit = &service.unit;
            print::stderr(format!(
                "note: {}; variables that {} sets there count as unset\n",
                shown::line(unread),
                shown::line(unit)
            ));
        }
        service.files.iter().for_each(|path| seen(path));
        Ok(Some(service.env))
    }
}

impl OfService {
    /// The version of the Caddy that the unit starts, when one is named and its version is known.
    pub fn version(&self) -> Option<Version> {
        let unit = self.service.as_ref()?;
        let found = Options::of_unit(unit, program::systemctl(), std::env::temp_dir()).look().ok()?;
        if let Some(caddy) = found.unknown_caddy() {
            print::stderr(format!(
                "note: {} is Caddy {}, a version that caddyctl does not know; files are read as Caddy {} reads them\n",
                shown::path(&caddy.program),
                shown::line(&caddy.version),
                Version::default()
            ));
        }
        found.host_caddy().and_then(HostCaddy::known)
    }
}

/// The environment of a unit.
struct Service {
    /// The unit's full name.
    unit: String,
    /// What it sets.
    env: Env,
    /// The files that it was read from.
    files: Vec<PathBuf>,
    /// What could not be read, each a sentence.
    unread: Vec<String>,
}

impl Service {
    /// Asks systemd of this machine about `unit`, which may lack its `.service`.
    fn ask(unit: &str) -> anyhow::Result<Self> {
        let name = if unit.contains('.') { unit.to_owned() } else { format!("{unit}.service") };
        let elsewhere =
            "run this on the host of the unit, or write its variables to a file and pass it with `--envfile`";
        let shown = Systemd::new(program::systemctl(), &name).show(PATIENCE).map_err(|error| {
            // What was asked is long, and says nothing to who asked.
            let why = match error {
                RunError::Failed { words, .. } => words.lines().next().unwrap_or_default().to_owned(),
                other => other.to_string(),
            };
            Fault::system(format!("cannot query systemd about {}: {why}", shown::line(&name))).help(elsewhere)
        })?;
        if !shown.exists() {
            return Err(Fault::system(format!("unknown systemd unit {name}")).help(elsewhere).into());
        }
        let (files, unread) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        // A file that need not exist is marked, and its absence is no news.
        let may_lack = |path: &Path| {
            let marked = format!("{} (ignore_errors=yes)", path.display());
            shown.get("EnvironmentFiles").lines().any(|line| line == marked)
        };
        let own = shown.environment(&|path| {
            let mut text = String::new();
            let all = existing(path);
            if all.is_empty() && !may_lack(path) {
                unread
                    .borrow_mut()
                    .push(format!("none of the environment files of {name} exists: {}", shown::path(path)));
            }
            for file in all {
                match regular::read(&file, regular::MOST) {
                    Ok(bytes) => {
                        text.push_str(&String::from_utf8_lossy(&bytes));
                        text.push('\n');
                    }
                    Err(error) => unread.borrow_mut().push(format!(
                        "cannot read {}, an environment file of {name}: {}",
                        shown::path(&file),
                        reason(&error)
                    )),
                }
                files.borrow_mut().push(file);
            }
            Some(text)
        });
        let passed = shown.get("PassEnvironment");
        if !passed.is_empty() {
            unread
                .borrow_mut()
                .push(format!("{name} gets {passed} from systemd itself, which caddyctl does not query"));
        }
        let mut env = account(shown.get("User"));
        for (name, value) in own.iter() {
            env.set(name, value);
        }
        Ok(Self { unit: name, env, files: files.into_inner(), unread: unread.into_inner() })
    }
}

/// What systemd sets for a unit with `User=`: the account's name, home and shell (systemd.exec(5)).
fn account(user: &str) -> Env {
    let accounts = regular::read_text(Path::new("/etc/passwd"), regular::MOST).unwrap_or_default();
    let mut env = Env::empty();
    for line in accounts.lines() {
        let parts: Vec<&str> = line.split(':').collect();
        if let [name, _, id, _, _, home, shell] = parts.as_slice()
            && !user.is_empty()
            && (*name == user || *id == user)
        {
            for (variable, value) in [("USER", name), ("LOGNAME", name), ("HOME", home), ("SHELL", shell)] {
                env.set(variable, *value);
            }
        }
    }
    env
}
