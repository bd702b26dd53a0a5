//! `caddyctl doctor`: find out why a site does not work.

use std::net::{IpAddr, ToSocketAddrs as _};
use std::path::Path;
use std::process::ExitCode;

use caddyctl::check::{Disk, Facts as _};
use caddyctl::deploy::doctor::{self, Finding};
use caddyctl::deploy::history;
use caddyctl::deploy::load::find_running;
use caddyctl::deploy::owner::Reader;
use caddyctl::deploy::run::run as run_program;
use caddyctl::deploy::status::{PATIENCE, status};
use caddyctl::deploy::systemd::environ;
use serde_json::Value;

use super::deploy::outcome::Format;
use super::deploy::place::{Found, Place};
use super::{print, status as status_command};

/// Arguments of `caddyctl doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Words, or one JSON array.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl doctor

Looks at the service and its watchdog, drift, certificates, listeners and who holds their ports, upstreams, \
where names lead, the clock, the environment, and the rights of the Caddyfile. Changes nothing.

Exit status: 0 nothing was found; 1 something was, with what to do; 2 wrong usage, or the world.";

/// Examines.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    let findings = examine(&found);
    let text = match args.format {
        Format::Json => serde_json::to_string(&findings)? + "\n",
        Format::Text if findings.is_empty() => "nothing found: all is well\n".to_owned(),
        Format::Text => findings.iter().map(shown).collect(),
    };
    print::stdout(text)?;
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}

fn shown(finding: &Finding) -> String {
    format!("fault: {}\n help: {}\n", finding.fault, finding.help)
}

fn examine(found: &Found) -> Vec<Finding> {
    let problems = status(&found.host, status_command::look(found)).problems;
    let help = "`caddyctl status` shows the whole; `caddyctl deploy` or `caddyctl recover` mends it";
    let mut findings: Vec<Finding> =
        problems.into_iter().map(|fault| Finding { fault, help: help.to_owned() }).collect();
    if let Some(config) = config(found) {
        let machine = Disk::new("/", found.env.clone());
        findings.extend(doctor::listeners(&config, &|port| machine.listener("tcp", port)));
        findings.extend(doctor::upstreams(&config));
        let resolve = |name: &str| {
            let addresses = (name, 443).to_socket_addrs();
            addresses.map(|all| all.map(|address| address.ip()).collect()).unwrap_or_default()
        };
        let is_here: Option<&dyn Fn(IpAddr) -> bool> =
            if doctor::has_public_address() { Some(&doctor::is_local) } else { None };
        findings.extend(doctor::names(&config, &resolve, is_here));
    }
    let last = history::current(&found.host).and_then(|record| record.when.parse().ok());
    let clock = run_program(Path::new("timedatectl"), &["show"], PATIENCE).unwrap_or_default();
    findings.extend(doctor::clock(&clock, last, jiff::Timestamp::now()));
    if let Some((_, unit)) = &found.systemd {
        let running = unit.main_pid().and_then(|pid| std::fs::read(format!("/proc/{pid}/environ")).ok());
        let wanted = unit.environment(&|path| std::fs::read_to_string(path).ok());
        findings.extend(running.iter().flat_map(|bytes| doctor::environment(&environ(bytes), &wanted)));
        let reader = Reader::named(&found.host.root, unit.get("User"));
        let path = found.host.on_disk(&found.host.caddyfile);
        findings.extend(reader.iter().flat_map(|reader| doctor::readable(reader, &path)));
    }
    findings
}

/// What runs, or else what would.
fn config(found: &Found) -> Option<Value> {
    let admin = found.admin(None);
    let running = find_running(&admin, PATIENCE).ok().map(|(_, config)| config);
    running.or_else(|| serde_json::from_slice(&found.compile_installed().ok()?).ok())
}
