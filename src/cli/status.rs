//! `caddyctl status`: is all well, and what is deployed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl::check::{Disk, Facts as _};
use caddyctl::deploy::certificates::{Certificate, storage, stored};
use caddyctl::deploy::load::find_running;
use caddyctl::deploy::run::run as run_program;
use caddyctl::deploy::status::{PATIENCE, Seen, Service, Status, status};
use serde_json::Value;

use super::deploy::outcome::Format;
use super::deploy::place::{Found, Place};
use super::print;

/// Arguments of `caddyctl status`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Words, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl status
  sudo caddyctl status --format json

Compares the deployment, the installed files, the running configuration and Caddy's autosave, and looks at the service, \
its watchdog and the certificates. Changes nothing.

Exit status: 0 all is well; 1 something is not, and is named; 2 wrong usage, or the world.";

/// Shows the status.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    let status = status(&found.host, look(&found, true));
    let is_well = status.problems.is_empty();
    match args.format {
        Format::Json => print::stdout(serde_json::to_string(&status)? + "\n")?,
        Format::Text => print::stdout(text(&status))?,
    }
    Ok(ExitCode::from(u8::from(!is_well)))
}

/// Asks the service, the disk and, with `ask`, Caddy.
pub fn look(found: &Found, ask: bool) -> Seen {
    let admin = if ask { found.admin(None) } else { Vec::new() };
    let running = (!admin.is_empty()).then(|| {
        let answer = find_running(&admin, PATIENCE);
        answer.map(|(admin, config)| (admin.address().to_string(), config)).map_err(|error| error.to_string())
    });
    let is_there = found.host.on_disk(&found.host.caddyfile).exists();
    let installed = is_there.then(|| {
        let json = found.compile_installed()?;
        serde_json::from_slice(&json).map_err(|error| error.to_string())
    });
    let service = found.systemd.as_ref().map(|(systemd, unit)| {
        let name = found.host.companion();
        let companion = systemd.of(&name).show(PATIENCE).ok().filter(caddyctl::deploy::systemd::Unit::exists);
        Service::of(unit, companion.as_ref())
    });
    let errors = found.systemd.as_ref().map(|_| errors(&found.host.unit)).unwrap_or_default();
    let config = match (&running, &installed) {
        (Some(Ok((_, config))), _) | (_, Some(Ok(config))) => Some(config),
        _ => None,
    };
    let certificates = config.map(|config| certificates(found, config)).unwrap_or_default();
    Seen { service, running, installed, autosave: autosave(found), certificates, errors }
}

/// The certificates in Caddy's storage, where it is a folder of this host.
fn certificates(found: &Found, config: &Value) -> Vec<Certificate> {
    if found.systemd.is_none() {
        return Vec::new();
    }
    let data = Disk::new("/", found.env.clone()).data_folder();
    let folder = storage(config, data);
    folder.map(|folder| stored(config, &folder, jiff::Timestamp::now())).unwrap_or_default()
}

/// What Caddy saved of the configuration it runs (Caddy docs, "Conventions: file locations").
fn autosave(found: &Found) -> Option<Value> {
    let named = |name: &str| found.env.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = named("XDG_CONFIG_HOME").or_else(|| Some(named("HOME")?.join(".config")))?;
    found.systemd.as_ref()?;
    serde_json::from_slice(&std::fs::read(folder.join("caddy/autosave.json")).ok()?).ok()
}

/// The last errors in the journal: Caddy logs JSON, one line an entry.
fn errors(unit: &str) -> Vec<String> {
    let words = ["-u", unit, "-n", "500", "-o", "cat", "--no-pager", "-q"];
    let log = run_program(Path::new("journalctl"), &words, PATIENCE).unwrap_or_default();
    let entries = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let errors = entries.filter(|entry| matches!(entry["level"].as_str(), Some("error" | "fatal" | "panic")));
    let said = |entry: Value| {
        let word = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", word("logger"), word("msg"), word("error")).trim().to_owned()
    };
    let mut all: Vec<String> = errors.map(said).collect();
    all.split_off(all.len().saturating_sub(5))
}

fn text(status: &Status) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12} {value}");
    };
    if let Some(service) = &status.service {
        row("service", format!("{} since {}", service.state, service.since));
        row("restarts", service.restarts.to_string());
        let watchdog = if service.watchdog.is_empty() { "none" } else { &service.watchdog };
        row("watchdog", watchdog.to_owned());
    }
    if let Some(admin) = &status.admin {
        row("admin", admin.clone());
    }
    for (name, digest) in [("running", &status.running), ("installed", &status.installed)] {
        if let Some(digest) = digest {
            row(name, digest.short().to_owned());
        }
    }
    match &status.deployment {
        Some(record) => {
            let who = if record.who.is_empty() { String::new() } else { format!(" by {}", record.who) };
            let of =
                record.revision.as_ref().map(|revision| format!(", revision {revision}")).unwrap_or_default();
            row("deployment", format!("{} of {}{who}{of}", record.id, record.when));
        }
        None => row("deployment", "none".to_owned()),
    }
    for certificate in &status.certificates {
        let Certificate { name, issuer, .. } = certificate;
        row("certificate", format!("{name} by {issuer}, {} left", certificate.left()));
    }
    for error in &status.errors {
        row("logged", error.clone());
    }
    for problem in &status.problems {
        row("problem", problem.clone());
    }
    if status.problems.is_empty() {
        text += "all is well\n";
    }
    text
}
