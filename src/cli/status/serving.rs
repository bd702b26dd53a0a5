//! Whether the sites answer: the checks of the deployment, or else listeners and upstreams; and what the next start meets.

use std::time::Duration;

use caddyctl_analysis::check::Facts as _;
use caddyctl_deploy::certificates::storage;
use caddyctl_deploy::doctor::{self, Finding, Upstreams};
use caddyctl_deploy::files::owner::Reader;
use caddyctl_deploy::place::Found;
use caddyctl_deploy::process::deadline::Deadline;
use caddyctl_deploy::status::Seen;
use caddyctl_deploy::verify::{Check, Checks, Reach, verify_until};
use caddyctl_host::{Machine, User};
use caddyctl_language::source::{secrets, shown};
use serde_json::Value;

use crate::cli::fault;
use crate::cli::verify::stored::Stored;

/// How long the checks may take, all of them together.
const CHECKING: Duration = Duration::from_secs(5);

/// So many problems of one kind are listed.
const LISTED: usize = 5;

/// Adds to `seen` whether the sites answer; `runs_checks` says whether the checks of the deployment are run.
pub(super) fn look(found: &Found, runs_checks: bool, seen: &mut Seen) -> anyhow::Result<()> {
    seen.serving.extend(next_start(found));
    let Some(Ok((_, config))) = &seen.running else { return Ok(()) };
    let config = config.clone();
    let stored = if runs_checks { Stored::read(found) } else { Ok(None) };
    // Checks that cannot be run are a problem of the deployment, and not the end of the status.
    let checks = stored
        .and_then(|stored| stored.map(|stored| stored.within(found, &config, Reach::default())).transpose());
    match checks {
        Err(error) => seen.serving.push(fault::words(&error)),
        Ok(Some((checks, reach))) => {
            let (ran, failed) = failing(checks, &reach)?;
            seen.checked = Some(ran);
            seen.serving.extend(some(failed, "checks fail"));
        }
        Ok(None) => {
            seen.serving.extend(silent(found, &config));
        }
    }
    Ok(())
}

/// Runs the checks that only read: how many, and those that fail.
fn failing(checks: Checks, reach: &Reach) -> anyhow::Result<(usize, Vec<String>)> {
    let reads = |check: &Check| matches!(check.method.as_str(), "GET" | "HEAD") && !check.is_websocket();
    let once = |check: Check| Check { retries: 0, ..check };
    let check: Vec<Check> = checks.check.into_iter().filter(reads).map(once).collect();
    let ran = check.len();
    let checks = Checks { check, ..checks };
    let outcomes = verify_until(&checks, reach, Some(Deadline::after(CHECKING)))?;
    let failed = outcomes
        .into_iter()
        .filter_map(|outcome| Some(format!("the check `{}` fails: {}", outcome.name, outcome.fault?)));
    Ok((ran, failed.collect()))
}

/// Listeners and upstreams that do not answer.
fn silent(found: &Found, config: &Value) -> Vec<String> {
    let machine = Machine::new("/", found.env.clone());
    let holder = |port| machine.listener("tcp", port);
    let faults = |findings: Vec<Finding>| findings.into_iter().map(|finding| finding.fault).collect();
    let mut all = some(faults(doctor::listeners(config, true, &holder)), "listeners do not respond");
    let Upstreams { findings, unasked } = doctor::upstreams(config, CHECKING);
    let silent: Vec<String> = faults(findings);
    all.extend(some(
        silent.into_iter().map(|words| secrets::hide_within(&words)).collect(),
        "upstreams are unreachable",
    ));
    if unasked > 0 {
        all.push(format!("{unasked} upstreams were not asked within {} s", CHECKING.as_secs()));
    }
    all
}

/// What the next start meets: the same that a deploy would refuse.
fn next_start(found: &Found) -> Vec<String> {
    let mut all = Vec::new();
    let Some((_, unit)) = &found.systemd else { return all };
    let next = found.next.as_ref().unwrap_or(unit);
    let mut add = |findings: Vec<Finding>| all.extend(findings.into_iter().map(|finding| finding.fault));
    add(doctor::program(next));
    add(doctor::environment_files(next));
    let installed = found.installed();
    if let Some(reader) = Reader::named(&found.host.root, next.get("User")) {
        if installed.is_some() {
            add(doctor::readable(&reader, &found.host.real(&found.host.caddyfile)));
        }
        let user = User { id: reader.uid, groups: reader.gids };
        let machine = Machine::new("/", found.env.clone()).seen_by(user);
        let config = installed.as_ref().and_then(|installed| installed.config.as_ref());
        let folder = config.and_then(|config| storage(config, machine.data_folder()));
        if let Some(folder) = folder.filter(|folder| folder.is_absolute()) {
            add(doctor::storage_writable(&machine, &folder, next.get("User")));
        }
    }
    if next.is_stuck_in_reload() {
        all.push(format!("{} is stuck in a reload{}", found.host.unit, next.since()));
    }
    all.extend(some(
        found.faults_of_installed().into_iter().map(|fault| shown::line(&fault.words).into_owned()).collect(),
        "errors are in the installed Caddyfile",
    ));
    all.extend(found.may_write().err().map(|error| error.to_string()));
    all
}

/// At most [`LISTED`] of `all`, and how many more there are.
fn some(mut all: Vec<String>, what: &str) -> Vec<String> {
    if all.len() > LISTED {
        let more = all.len() - LISTED;
        all.truncate(LISTED);
        all.push(format!("{more} more {what}; `caddyctl doctor --format json` lists all"));
    }
    all
}
