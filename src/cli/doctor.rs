//! `caddyctl doctor`: find out why a site does not work.

mod examine;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use caddyctl_deploy::doctor::{Finding, Severity};
use caddyctl_language::source::shown;
use serde::Serialize;

use super::deploy::outcome::Format;
use super::deploy::place::Place;
use super::print;
use super::verify::ReachArgs;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Find out why a site does not work";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// Words, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Checks to make, also of streaming routes. Without it, the checks.toml of this folder or beside the installed
    /// Caddyfile, when there is one.
    #[arg(long, value_name = "FILE")]
    checks: Option<PathBuf>,
    /// Ask this resolver where the sites' names lead, past this machine's own files and caches: 1.1.1.1, or with a port.
    #[arg(long, value_name = "ADDRESS", value_parser = resolver)]
    resolver: Option<SocketAddr>,
    /// The public address of this host, where it is behind a NAT.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<IpAddr>,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl doctor
  sudo caddyctl doctor --resolver 1.1.1.1 --address 203.0.113.7
  sudo caddyctl doctor --checks checks.toml --format json

Looks at the service and whether it answers, the Caddyfile and its rights, the watchdog and its heartbeat, listeners and \
who holds their ports, upstreams, where names lead, the certificates that are shown and the last words of authorities, \
the storage, the checks, the clock, the environment, and drift. What is named first explains what follows. Changes \
nothing.

Exit status: 0 no fault (there may be warnings); 1 a fault, with what to do; 2 wrong usage, or the world.";

/// What was found, and what was looked at and is well.
#[derive(Debug, Default, Serialize)]
struct Report {
    findings: Vec<Finding>,
    well: Vec<String>,
}

/// Examines.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    let report = examine::examine(&found, args)?;
    match args.format {
        Format::Json => print::json(&report)?,
        Format::Text => print::stdout(text(&report))?,
    }
    let is_ill = report.findings.iter().any(|finding| finding.severity == Severity::Fault);
    Ok(ExitCode::from(u8::from(is_ill)))
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for Finding { severity, fault, help } in &report.findings {
        let word = match severity {
            Severity::Fault => "fault",
            Severity::Warning => "warning",
        };
        text += &format!("{word}: {}\nhelp: {}\n\n", shown::line(fault), shown::line(help));
    }
    for well in &report.well {
        text += &format!("well: {}\n", shown::line(well));
    }
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    text + &match (count(Severity::Fault), count(Severity::Warning)) {
        (0, 0) => "nothing found: all is well\n".to_owned(),
        (faults, 0) => format!("{faults} found\n"),
        (0, warnings) => format!("no fault, {warnings} to look at\n"),
        (faults, warnings) => format!("{faults} found, {warnings} more to look at\n"),
    }
}

fn resolver(text: &str) -> Result<SocketAddr, String> {
    let bare = || text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    text.parse()
        .or_else(|_| bare())
        .map_err(|_| format!("`{}` is not an address such as 1.1.1.1 or 1.1.1.1:53", shown::line(text)))
}
