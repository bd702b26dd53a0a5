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
    #[error("{unit} resumes what was loaded last, and reads no Caddyfile when it starts")]
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
        None if unit.get("ExecStart").contains("--resume") => Err(ServiceError::Resumes { unit: name() }),
        None => Ok(host.caddyfile.clone()),
    }
}

/// What the service has, and has again at its next start. What the running process has comes first; over it systemd's own
/// variables, what the unit says now, and the files that the command line of Caddy itself names.
///
/// Files that are there and cannot be read are named in sentences.
/// `systemctl` is the program that speaks to systemd.
pub fn environment(unit: &Unit, systemctl: &Path) -> (Env, Vec<String>) {
    let running = unit.main_pid().and_then(|pid| std::fs::read(format!("/proc/{pid}/environ")).ok());
    let mut env = match running {
        Some(bytes) => environ(&bytes),
        None => started(unit, systemctl),
    };
    let unread = RefCell::new(Vec::new());
    let read = |path: &Path| match regular::read(path, regular::MOST) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => {
            if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) {
                let why = reason(&error);
                unread
                    .borrow_mut()
                    .push(format!("cannot read the environment file {}: {why}", shown::path(path)));
            }
            None
        }
    };
    for (name, value) in unit.environment(&read).iter() {
        env.set(name, value);
    }
    let mut unread = unread.into_inner();
    for path in unit.envfiles() {
        unread.extend(add(&mut env, &path).err());
    }
    (env, unread)
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
