//! What the doctor looks at, in the order of cause and consequence.

use std::io::ErrorKind;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl_analysis::check::Facts as _;
use caddyctl_deploy::admin::running::find_running;
use caddyctl_deploy::certificates::{Certificate, storage};
use caddyctl_deploy::doctor::{
    self, Descriptors, Finding, Heartbeat, Journal, Life, Upstreams, resolver, selinux,
};
use caddyctl_deploy::files::owner::Reader;
use caddyctl_deploy::place::Found;
use caddyctl_deploy::place::installed::{Installed, InstalledFault};
use caddyctl_deploy::process::run::run;
use caddyctl_deploy::state::history;
use caddyctl_deploy::status::{PATIENCE, Seen, Unknown, status};
use caddyctl_deploy::systemd::Unit;
use caddyctl_deploy::verify::Bounds;
use caddyctl_deploy::watchdog::{Health, health};
use caddyctl_host::Machine;
use caddyctl_host::regular;
use caddyctl_language::source::shown;
use serde_json::Value;

use super::{Args, Report};
use crate::cli::fault::{reason, words};
use crate::cli::verify::stored::Stored;
use crate::cli::{status as status_command, verify};

/// How long a resolver may take.
const RESOLVING: Duration = Duration::from_secs(3);

/// How long upstreams may take, all of them together.
const ASKING: Duration = Duration::from_secs(10);

/// So many names are resolved.
const RESOLVED: usize = 100;

/// So many certificates are named that are as they should be.
const NAMED: usize = 5;

/// Looks at everything.
pub fn examine(found: &Found, args: &Args) -> anyhow::Result<Report> {
    let mut report = Report::default();
    // What SELinux denies is why what follows fails.
    let denials = if found.systemd.is_some() && selinux::is_here() {
        let words = ["-b", "-q", "--no-pager", "-o", "cat", "-n", "1000", "-g", "avc: +denied"];
        selinux::denials(&run(Path::new("journalctl"), &words, PATIENCE).unwrap_or_default())
    } else {
        Vec::new()
    };
    let journal = found.systemd.as_ref().map(|(systemd, _)| systemd.journal(PATIENCE)).unwrap_or_default();
    let is_up =
        found.systemd.as_ref().is_none_or(|(_, unit)| the_service(found, unit, &journal, &mut report));
    let installed = found.installed();
    let installed = installed.as_deref();
    let service = std::mem::take(&mut report.findings);
    the_caddyfile(found, installed, &mut report);
    // What keeps Caddy from its start comes before that it is down.
    let at = if is_up { 0 } else { report.findings.len() };
    report.findings.splice(at..at, service);
    report.findings.splice(0..0, denials);
    report.findings.extend(journal.of_buffers().map(doctor::udp_buffers));
    if let Some((_, unit)) = &found.systemd {
        the_heartbeat(found, unit, &mut report);
    }
    let running = if is_up {
        let admin = found.admin(None);
        let answer = find_running(found.inquiry(&admin), PATIENCE);
        (!admin.is_empty()).then(|| {
            answer
                .map(|(admin, config)| (admin.address().to_string(), config))
                .map_err(|error| Unknown(error.to_string()))
        })
    } else {
        None
    };
    let compiled = installed.and_then(|installed| installed.config.as_ref());
    let config = match &running {
        Some(Ok((_, config))) => Some(config),
        _ => compiled,
    };
    if let Some(config) = config {
        the_network(found, config, is_up, args, &mut report);
        the_certificates(found, config, is_up, &journal, &mut report);
        the_checks(found, config, is_up, args, &mut report)?;
    }
    the_machine(found, &mut report);
    // Certificates and the service were looked at above.
    let seen = Seen {
        service: None,
        certificates: Vec::new(),
        running: running.clone(),
        next: Vec::new(),
        errors: Vec::new(),
        installed: compiled.cloned().map(Ok),
        ..status_command::look(found, is_up)
    };
    let help = "`caddyctl status` shows the details; fix it with `caddyctl deploy` or `caddyctl recover`";
    let problems = status(&found.host, seen).problems;
    report.findings.extend(problems.into_iter().map(|fault| Finding::fault(fault, help)));
    // Faults first, each kind in its order.
    report.findings.sort_by_key(|finding| finding.severity);
    Ok(report)
}

impl Report {
    /// What was found, or that all was `well`.
    fn note(&mut self, findings: Vec<Finding>, well: impl FnOnce() -> String) {
        if findings.is_empty() {
            self.well.push(well());
        }
        self.findings.extend(findings);
    }
}

/// Whether it is up and responds.
fn the_service(found: &Found, unit: &Unit, journal: &Journal, report: &mut Report) -> bool {
    let name = &found.host.unit;
    // A reload or a full backlog may keep it for a moment.
    let look = |pid| match health(pid) {
        Health::Silent => health(pid),
        other => other,
    };
    let pid = unit.main_pid();
    let descriptors = pid.and_then(Descriptors::of);
    let life = Life { name, unit, health: pid.map(look), journal, descriptors };
    report.note(doctor::service(&life), || {
        let since = unit.get("ActiveEnterTimestamp");
        format!("{name} is running and responds{}{since}", if since.is_empty() { "" } else { ", since " })
    });
    life.answers()
}

fn the_caddyfile(found: &Found, installed: Option<&Installed>, report: &mut Report) {
    let path = found.host.real(&found.host.caddyfile);
    let mut findings = Vec::new();
    if let Some((_, unit)) = &found.systemd {
        report.findings.extend(doctor::program(unit));
        let reader = Reader::named(&found.host.root, unit.get("User"));
        findings.extend(match found.host.read(&found.host.caddyfile, regular::MOST) {
            // Rights are not what is wrong with a link or a FIFO that somebody else put there.
            Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
                let help = "remove it, and deploy again with `caddyctl deploy`";
                vec![Finding::fault(format!("cannot read {}: {}", shown::path(&path), reason(&error)), help)]
            }
            _ => reader.iter().flat_map(|reader| doctor::readable(reader, &path)).collect(),
        });
    }
    if installed.is_none() && findings.is_empty() {
        let help = "deploy one with `caddyctl deploy`";
        findings.push(Finding::fault(format!("{} does not exist", shown::path(&path)), help));
    }
    let fault = installed.and_then(|installed| installed.fault.as_ref());
    if let (Some(reason), true) = (fault, findings.is_empty()) {
        findings.push(Finding::fault(
            format!("the installed Caddyfile has an error, and Caddy cannot start with it: {reason}"),
            format!("`caddyctl validate {}` shows the location; `caddyctl rollback` restores the last one that worked", shown::path(&path)),
        ));
    }
    if findings.is_empty() {
        let refused = found.faults_of_installed();
        findings.extend(refused.into_iter().map(|InstalledFault { words, help }| {
            let help = help.unwrap_or_else(|| "fix it, and deploy again with `caddyctl deploy`".to_owned());
            Finding::fault(format!("Caddy cannot start with the installed Caddyfile: {words}"), help)
        }));
    }
    report.note(findings, || format!("{} compiles, and the service can read it", shown::path(&path)));
}

fn the_heartbeat(found: &Found, unit: &Unit, report: &mut Report) {
    let name = found.host.companion();
    let companion = found.systemd.as_ref().and_then(|(systemd, _)| systemd.of(&name).show(PATIENCE).ok());
    let paths = [unit.get("FragmentPath")].into_iter().chain(unit.get("DropInPaths").split_whitespace());
    let read = |path: &str| {
        let path = PathBuf::from(path);
        let text = regular::read_text(&path, regular::MOST).ok()?;
        Some((path, text))
    };
    let files: Vec<_> = paths.filter_map(read).collect();
    let seen = Heartbeat { unit, companion: (&name, companion.as_ref()), files: &files };
    report.note(doctor::heartbeat(&seen), || match unit.watchdog() {
        None => "no watchdog is active".to_owned(),
        Some(span) => format!("a watchdog of {span} is active, and {name} serves it"),
    });
}

fn the_network(found: &Found, config: &Value, is_up: bool, args: &Args, report: &mut Report) {
    let machine = Machine::new("/", found.env.clone());
    let holder = |port| machine.listener("tcp", port);
    let ports = doctor::listeners(config, is_up, &holder);
    if is_up {
        report.note(ports, || "Caddy responds on all listeners".to_owned());
    } else {
        // Who has a port that Caddy needs is why Caddy does not start.
        report.findings.splice(0..0, ports);
    }
    let Upstreams { findings, unasked } = doctor::upstreams(config, ASKING);
    let is_whole = findings.is_empty() && unasked == 0;
    report.findings.extend(findings);
    if is_whole {
        report.well.push("every upstream accepts connections".to_owned());
    } else if unasked > 0 {
        let words = format!("{unasked} upstreams were not asked within {} s", ASKING.as_secs());
        report.findings.push(Finding::warning(words, "fix those that do not respond, and look again"));
    }
    let resolve = |name: &str| {
        if let Some(server) = args.resolver {
            return resolver::addresses(server, name, RESOLVING)
                .map_err(|error| std::io::Error::other(format!("no answer from {server}: {error}")));
        }
        let addresses = (name, 443).to_socket_addrs();
        Ok(addresses.map(|all| all.map(|address| address.ip()).collect()).unwrap_or_default())
    };
    let is_ours = |address: IpAddr| args.address == Some(address) || doctor::is_local(address);
    let is_here: Option<&dyn Fn(IpAddr) -> bool> =
        if args.address.is_some() || doctor::has_public_address() { Some(&is_ours) } else { None };
    let all = doctor::names_of(config);
    let names: Vec<String> = all.iter().take(RESOLVED).cloned().collect();
    let which = if all.len() > RESOLVED {
        format!("each of the first {RESOLVED} of {} names", all.len())
    } else {
        "every name".to_owned()
    };
    report.note(doctor::names(config, &names, &resolve, is_here), || {
        if is_here.is_some() {
            format!("{which} resolves to this host")
        } else {
            format!(
                "{which} resolves (this host has no public address to compare with; set it with --address)"
            )
        }
    });
}

fn the_certificates(found: &Found, config: &Value, is_up: bool, journal: &Journal, report: &mut Report) {
    let shown = if is_up { doctor::served(config, jiff::Timestamp::now()) } else { Vec::new() };
    let (mut missing, mut old, mut findings, mut well) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for site in shown {
        match site {
            Ok(certificate) => match problem(&certificate) {
                Some(finding) => {
                    findings.push(finding);
                    old.push(certificate.name);
                }
                None => well.push(certificate),
            },
            Err(site) => missing.push(site),
        }
    }
    findings.extend(doctor::acme(journal, &missing, &old));
    report.findings.extend(findings);
    well.sort_by_key(|certificate| certificate.ends);
    report.well.extend(well.iter().take(NAMED).map(|certificate| {
        let Certificate { name, issuer, .. } = certificate;
        format!("the certificate of {name} is from {issuer}, {}", certificate.left())
    }));
    if let Some(more) = well.len().checked_sub(NAMED).filter(|more| *more > 0) {
        report.well.push(format!("the certificates of {more} more sites are valid for longer"));
    }
    let Some((_, unit)) = &found.systemd else { return };
    let Some(reader) = Reader::named(&found.host.root, unit.get("User")) else { return };
    let user = caddyctl_host::User { id: reader.uid, groups: reader.gids };
    let machine = Machine::new("/", found.env.clone()).seen_by(user);
    if let Some(folder) = storage(config, machine.data_folder()).filter(|folder| folder.is_absolute()) {
        let findings = doctor::storage_writable(&machine, &folder, unit.get("User"));
        report.note(findings, || format!("Caddy can store certificates in {}", shown::path(folder)));
    }
}

fn problem(certificate: &Certificate) -> Option<Finding> {
    if certificate.begins > jiff::Timestamp::now() {
        return Some(Finding::fault(
            format!(
                "the certificate of {} is not valid before {}: the clock of this machine is behind",
                certificate.name, certificate.begins
            ),
            "set the clock and enable its synchronisation: `timedatectl set-ntp true`",
        ));
    }
    let help = "Caddy renews its own certificates: see `journalctl -u caddy -g tls` for the reason; replace a certificate of your own (`tls FILE FILE`)";
    certificate.problem().map(|fault| Finding::fault(fault, help))
}

fn the_checks(
    found: &Found,
    config: &Value,
    is_up: bool,
    args: &Args,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut reach = args.reach.read()?;
    let home = found.host.real(found.host.config_folder());
    let checks = match &args.checks {
        Some(path) => Some(verify::read(path)?),
        None => match verify::next_to(Path::new("."))? {
            Some(checks) => Some(checks),
            None => verify::next_to(&home)?,
        },
    };
    // Those of the deployment, where nobody has any at hand.
    let (checks, is_stored) = match (checks, Stored::read(found)) {
        (None, Ok(Some(stored))) if is_up => match stored.within(found, config, reach.clone()) {
            Ok((checks, stored)) => {
                reach = stored;
                (Some(checks), true)
            }
            Err(error) => {
                let help = "deploy again with a checks.toml that reaches only the sites of the Caddyfile";
                report.findings.push(Finding::fault(words(&error), help));
                return Ok(());
            }
        },
        (checks, _) => (checks, false),
    };
    if let (Some(checks), true) = (checks, is_up) {
        // Nobody has named the file: it may be that of a checkout, or of the service's user.
        if args.checks.is_none() && !is_stored {
            let bounds = Bounds::of_config(config);
            if let Err((check, reason)) = bounds.judge(&checks, &reach) {
                let fault = verify::beyond("checks.toml", check, &reason);
                let help = "--checks FILE runs all checks of a file that you trust";
                report.note(vec![Finding::fault(fault, help)], String::new);
                return Ok(());
            }
            reach.bounds = Some(bounds);
        }
        let findings = doctor::checks(&checks, &reach, config)?;
        report.note(findings, || format!("{} checks of checks.toml pass", checks.check.len()));
    }
    Ok(())
}

fn the_machine(found: &Found, report: &mut Report) {
    let folders =
        [found.host.real(found.host.config_folder()), found.host.state_folder(), PathBuf::from("/")];
    report.note(doctor::disks(&folders.each_ref().map(PathBuf::as_path)), || "no disk is full".to_owned());
    let last = history::current(&found.host).and_then(|record| record.when.parse().ok());
    let clock = run(Path::new("timedatectl"), &["show"], PATIENCE).unwrap_or_default();
    report
        .note(doctor::clock(&clock, last, jiff::Timestamp::now()), || "the clock is synchronised".to_owned());
    if let Some((_, unit)) = &found.systemd {
        let mut findings = doctor::environment_files(unit);
        let help = "`systemctl restart caddy` applies it now, and so does the next boot; revert the change if it is not intended";
        findings.extend(status_command::next(found).into_iter().map(|fault| Finding::fault(fault, help)));
        report.note(findings, || "unit, environment files and process have the same environment".to_owned());
    }
}
