//! What the service's unit says: which Caddyfile it starts Caddy with, and in which environment.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Unit, environ};
use crate::files::host::Host;
use crate::files::owner::Reader;
use crate::process::run::run;
use caddyctl_host::regular;
use caddyctl_language::expand::matches;
use caddyctl_language::source::{Env, dotenv, shown};

/// A unit that starts Caddy without a Caddyfile.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// It starts Caddy with JSON.
    #[error("{unit} starts caddy with the JSON file {}", shown::path(path))]
    Json {
        /// The unit.
        unit: String,
        /// The file.
        path: PathBuf,
    },
    /// It has Caddy resume what was loaded last.
    #[error("{unit} resumes the last configuration, and reads no Caddyfile when it starts")]
    Resumes {
        /// The unit.
        unit: String,
    },
}

/// The Caddyfile that the unit starts Caddy with.
///
/// # Errors
///
/// A unit that starts Caddy without one.
pub fn caddyfile(unit: &Unit, host: &Host) -> Result<PathBuf, ServiceError> {
    let name = || host.unit.clone();
    match unit.config_path().filter(|path| path.is_absolute()) {
        Some(path) if path.extension().is_some_and(|extension| extension == "json") => {
            Err(ServiceError::Json { unit: name(), path })
        }
        Some(path) => Ok(path),
        None if unit.resumes() => Err(ServiceError::Resumes { unit: name() }),
        None => Ok(host.caddyfile.clone()),
    }
}

/// The environment of a service.
#[derive(Clone, Debug)]
pub struct Environment {
    /// What `{$NAME}` is looked up in.
    pub env: Env,
    /// The part that systemd gives the process.
    pub given: Env,
    /// What could not be read, each a sentence.
    pub unread: Vec<String>,
}

/// Variables that systemd makes anew for each start, or that only the running process knows (systemd.exec(5)).
const OF_SYSTEMD: [&str; 16] = [
    "CACHE_DIRECTORY",
    "CONFIGURATION_DIRECTORY",
    "CREDENTIALS_DIRECTORY",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "LISTEN_FDNAMES",
    "LISTEN_FDS",
    "LISTEN_PID",
    "LOGS_DIRECTORY",
    "MEMORY_PRESSURE_WATCH",
    "MEMORY_PRESSURE_WRITE",
    "NOTIFY_SOCKET",
    "RUNTIME_DIRECTORY",
    "STATE_DIRECTORY",
    "SYSTEMD_EXEC_PID",
    "WATCHDOG_USEC",
];

/// Whether systemd makes a variable anew for each start.
pub fn is_of_systemd(name: &str) -> bool {
    OF_SYSTEMD.contains(&name)
        || matches!(name, "WATCHDOG_PID" | "MAINPID" | "MANAGERPID" | "SHLVL" | "PWD" | "OLDPWD" | "_")
}

/// What the service has at its next start: what systemd gives every service, what the unit says, and the files that the
/// command line of Caddy itself names. Of the running process only what systemd makes anew for each start is taken.
///
/// Files that are there and cannot be read are named in sentences. `systemctl` is the program that speaks to systemd.
pub fn environment(unit: &Unit, systemctl: &Path) -> Environment {
    let mut env = started(unit, systemctl);
    // What an account gets by other means than /etc/passwd, the running process knows.
    let is_of_account = |name: &str| ["HOME", "LOGNAME", "SHELL", "USER"].contains(&name);
    for (name, value) in running(unit).iter() {
        if is_of_systemd(name) || (is_of_account(name) && env.get(name).is_none()) {
            env.set(name, value);
        }
    }
    let unread = RefCell::new(Vec::new());
    let read = |path: &Path| match regular::read(path, regular::MOST) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned() + "\n",
        Err(error) => {
            if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) {
                let why = reason(&error);
                unread
                    .borrow_mut()
                    .push(format!("cannot read the environment file {}: {why}", shown::path(path)));
            }
            String::new()
        }
    };
    let read = |path: &Path| Some(existing(path).iter().map(|path| read(path)).collect::<String>());
    for (name, value) in unit.environment(&read).iter() {
        env.set(name, value);
    }
    let mut unread = unread.into_inner();
    let given = env.clone();
    for path in unit.envfiles() {
        unread.extend(add(&mut env, &path).err());
    }
    Environment { env, given, unread }
}

/// The names of variables that one of two environments has otherwise than the other.
pub fn differing(one: &Env, other: &Env) -> Vec<String> {
    let differs = |(name, value): &(&str, &str)| other.get(name) != Some(value);
    let mut names: Vec<String> = one.iter().filter(differs).map(|(name, _)| name.to_owned()).collect();
    names.extend(other.iter().filter(|(name, _)| one.get(name).is_none()).map(|(name, _)| name.to_owned()));
    names.sort_unstable();
    names
}

/// The environment of the running process; empty when there is none, or it may not be read.
pub fn running(unit: &Unit) -> Env {
    let bytes = unit.main_pid().and_then(|pid| std::fs::read(format!("/proc/{pid}/environ")).ok());
    environ(&bytes.unwrap_or_default())
}

/// The files that a path of `EnvironmentFile=` stands for: it may have `*`, `?` and `[…]` in its last part
/// (systemd.exec(5)).
pub fn existing(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if !name.contains(['*', '?', '[']) {
        return if path.symlink_metadata().is_ok() { vec![path.to_owned()] } else { Vec::new() };
    }
    let entries = path.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let mut found: Vec<_> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| matches(&name, &entry.file_name().to_string_lossy()) == Ok(true))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

impl Unit {
    /// The files of variables that the unit cannot start without, and that do not exist.
    pub fn missing_environment_files(&self) -> Vec<PathBuf> {
        let needed =
            self.get("EnvironmentFiles").lines().filter_map(|line| line.strip_suffix(" (ignore_errors=no)"));
        needed.map(PathBuf::from).filter(|path| existing(path).is_empty()).collect()
    }
}

/// Adds the variables of a file that Caddy itself reads (`--envfile`), where they are not set yet; the error is a sentence.
fn add(env: &mut Env, path: &Path) -> Result<(), String> {
    let unreadable = |why| format!("cannot read {}: {why}", shown::path(path));
    let bytes = regular::read(path, regular::MOST).map_err(|error| unreadable(reason(&error)))?;
    let all = dotenv::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|fault| format!("{}:{}: {}", shown::path(path), fault.line, fault.message))?;
    for (name, value) in all {
        if env.get(&name).is_none() {
            env.set(name, value);
        }
    }
    Ok(())
}

/// Why a file cannot be read, in few words.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// What systemd gives a service that it starts (systemd.exec(5), "Environment Variables in Spawned Processes").
fn started(unit: &Unit, systemctl: &Path) -> Env {
    let mut env = Env::empty();
    let manager = run(systemctl, &["show-environment"], Duration::from_secs(5));
    for (name, value) in manager.unwrap_or_default().lines().filter_map(|line| line.split_once('=')) {
        env.set(name, value);
    }
    let user = unit.get("User");
    if let Some(home) = Reader::home(Path::new("/"), user).filter(|_| !user.is_empty()) {
        env.set("USER", user);
        env.set("LOGNAME", user);
        env.set("HOME", home);
    }
    env
}
