//! Environment files, as Caddy and as systemd read them, and what systemd says of a unit.

use caddyctl_deploy::systemd::{Unit, environ};
use caddyctl_language::source::dotenv;

/// Reads the same bytes as each kind.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match dotenv::parse(&text) {
        Ok(variables) => assert!(variables.keys().all(|name| !name.is_empty())),
        Err(fault) => assert!((1..=text.lines().count()).contains(&fault.line)),
    }
    let _ = environ(data);
    let unit = Unit::parse(&text);
    let _ = (unit.main_pid(), unit.program(), unit.config_path(), unit.envfiles(), unit.watchdog());
    let _ = unit.environment(&|_| Some(text.clone().into_owned()));
    let unit = Unit::parse("EnvironmentFiles=/etc/caddy/env (ignore_errors=no)\n");
    let _ = unit.environment(&|_| Some(text.clone().into_owned()));
}
