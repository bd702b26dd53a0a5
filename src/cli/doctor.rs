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
use super::fault::Fault;
use super::print;
use super::verify::ReachArgs;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Find out why a site does not work";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// Text, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The file of checks. Without it, the checks.toml of this folder or next to the installed Caddyfile, or else the
    /// checks of the last deployment.
    #[arg(long, value_name = "FILE")]
    checks: Option<PathBuf>,
    /// Resolve the names of the sites with this DNS server, such as 1.1.1.1 or 1.1.1.1:53, without the hosts file and
    /// caches of this machine.
    #[arg(long, value_name = "ADDRESS", value_parser = resolver)]
    resolver: Option<SocketAddr>,
    /// The public address of this host, if it is behind a NAT.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<IpAddr>,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl doctor
  sudo caddyctl doctor --resolver 1.1.1.1 --address 203.0.113.7
  sudo caddyctl doctor --checks checks.toml --format json

doctor examines:
  - the service, its environment, its watchdog, and whether Caddy responds
  - the Caddyfile and its permissions, and files that were changed since the deployment
  - listeners, other programs on their ports, and upstreams
  - DNS, certificates, and the last errors of certificate authorities
  - the certificate storage, disk space and the clock
  - the checks in checks.toml
Start with the first finding: it is usually the cause of the others. doctor changes nothing.

Exit status: 0 no errors (warnings are possible); 1 errors; 2 usage error or system error.";

/// What was found, and what was looked at and is well.
#[derive(Debug, Default, Serialize)]
struct Report {
    findings: Vec<Finding>,
    well: Vec<String>,
}

/// So many findings with the same help are printed one by one.
const ALIKE: usize = 5;

/// Examines.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    found.exists().map_err(Fault::from)?;
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
    // A configuration of thousands of sites may have as many findings with one remedy.
    for alike in report.findings.chunk_by(|a, b| (a.severity, &a.help) == (b.severity, &b.help)) {
        let shown = if alike.len() > ALIKE { ALIKE } else { alike.len() };
        for (number, Finding { severity, fault, help }) in alike[..shown].iter().enumerate() {
            let word = match severity {
                Severity::Fault => "error",
                Severity::Warning => "warning",
            };
            text += &format!("{word}: {}\n", shown::line(fault));
            if number + 1 == shown {
                if alike.len() > shown {
                    let more = alike.len() - shown;
                    text += &format!("{word}: {more} more of the same kind; --format json lists them\n");
                }
                text += &format!("help: {}\n\n", shown::line(help));
            }
        }
    }
    for well in &report.well {
        text += &format!("ok: {}\n", shown::line(well));
    }
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    text + &match (count(Severity::Fault), count(Severity::Warning)) {
        (0, 0) => "no problems found\n".to_owned(),
        (errors, 0) => format!("{}\n", counted(errors, "error")),
        (0, warnings) => format!("no errors, {}\n", counted(warnings, "warning")),
        (errors, warnings) => format!("{}, {}\n", counted(errors, "error"), counted(warnings, "warning")),
    }
}

/// A number with its noun.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn resolver(text: &str) -> Result<SocketAddr, String> {
    let bare = || text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    text.parse()
        .or_else(|_| bare())
        .map_err(|_| format!("`{}` is not an address such as 1.1.1.1 or 1.1.1.1:53", shown::line(text)))
}
