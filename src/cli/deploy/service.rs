//! What the service's unit says: which Caddyfile it starts Caddy with, and in which environment.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::files::owner::Reader;
use caddyctl_deploy::process::run::run;
use caddyctl_deploy::systemd::{Unit, environ};
use caddyctl_host::regular;
use caddyctl_language::source::{Env, shown};

use crate::cli::environment;
use crate::cli::fault::{Fault, reason};
use crate::cli::program;

/// The Caddyfile that the unit starts Caddy with.
pub fn caddyfile(unit: &Unit, host: &Host) -> anyhow::Result<PathBuf> {
    let fault = |message: String| {
        Fault::world(message).help("--no-systemd deploys the files and the configuration only")
    };
    match unit.config_path().filter(|path| path.is_absolute()) {
        Some(path) if path.extension().is_some_and(|extension| extension == "json") => {
            Err(fault(format!("{} starts caddy with the JSON file {}", host.unit, shown::path(path))).into())
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

/// What the service has, and has again at its next start. What the running process has comes first; over it systemd's own
/// variables, what the unit says now, and the files that the command line of Caddy itself names.
///
/// Files that are there and cannot be read are named in sentences.
pub fn environment(unit: &Unit) -> (Env, Vec<String>) {
    let running = unit.main_pid().and_then(|pid| std::fs::read(format!("/proc/{pid}/environ")).ok());
    let mut env = match running {
        Some(bytes) => environ(&bytes),
        None => started(unit),
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
        unread.extend(environment::add(&mut env, &path).err().map(|error| format!("{error:#}")));
    }
    (env, unread)
}

/// What systemd gives a service that it starts (systemd.exec(5), "Environment Variables in Spawned Processes").
fn started(unit: &Unit) -> Env {
    let mut env = Env::empty();
    let manager = run(&program::systemctl(), &["show-environment"], Duration::from_secs(5));
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
