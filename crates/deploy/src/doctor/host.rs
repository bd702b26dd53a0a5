//! The clock, the environment, and the rights of the Caddyfile.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use jiff::Timestamp;

use super::Finding;
use crate::files::owner::{Ownership, Reader};
use crate::systemd::Unit;
use crate::transaction::check::size;
use crate::transaction::space::full;
use caddyctl_language::source::shown;

/// A clock that is wrong, and certificates with it: what `timedatectl show` says, and when the last deployment was.
pub fn clock(timedatectl: &str, last: Option<Timestamp>, now: Timestamp) -> Vec<Finding> {
    let help = "set it and enable its synchronisation: `timedatectl set-ntp true`";
    let mut findings = Vec::new();
    if let Some(last) = last.filter(|last| now < *last) {
        findings.push(Finding::fault(
            format!("the clock shows {now:.0}, but the last deployment was at {last:.0}"),
            help,
        ));
    }
    if timedatectl.lines().any(|line| line == "NTPSynchronized=no") {
        let fault = "the clock is not synchronised; a wrong clock makes certificates invalid";
        findings.push(Finding::warning(fault, help));
    }
    findings
}

/// Environment files that the unit cannot start without, and that are not there.
pub fn environment_files(unit: &Unit) -> Vec<Finding> {
    let missing = unit.missing_environment_files().into_iter().map(|path| {
        Finding::fault(
            format!(
                "the environment file {} of the unit is missing: the next start fails",
                shown::path(path)
            ),
            "restore it, or write `EnvironmentFile=-…` in the unit if Caddy does not need it",
        )
    });
    let paths =
        unit.get("EnvironmentFiles").lines().filter_map(|line| line.strip_suffix(" (ignore_errors=no)"));
    let special =
        paths.filter(|path| Path::new(path).metadata().is_ok_and(|found| !found.is_file())).map(|path| {
            Finding::fault(
                format!("the environment file {path} of the unit is not a regular file"),
                "replace it with a regular file",
            )
        });
    missing.chain(special).collect()
}

/// Disks without room for a deploy or a certificate. `folders` are where those are written.
pub fn disks(folders: &[&Path]) -> Vec<Finding> {
    let line = |(folder, free): (&Path, u64)| {
        Finding::fault(
            format!("the disk of {} is full: {} are free", shown::path(folder), size(free)),
            "free some space: until then deploys are refused, and Caddy cannot store new certificates",
        )
    };
    full(folders).into_iter().map(line).collect()
}

/// The program that the unit starts, when it is not there or may not be run.
pub fn program(unit: &Unit) -> Vec<Finding> {
    let Some(program) = unit.program() else { return Vec::new() };
    let shown = shown::path(&program);
    let finding = match program.metadata() {
        Err(_) => Finding::fault(
            format!("{shown} does not exist, but the unit starts it: the next start fails"),
            "install Caddy again (`apt-get install --reinstall caddy`), or fix `ExecStart=` of the unit",
        ),
        Ok(found) if found.permissions().mode() & 0o111 == 0 => Finding::fault(
            format!("{shown} is not executable, but the unit starts it: the next start fails"),
            format!("`chmod 0755 {shown}`"),
        ),
        Ok(_) => return Vec::new(),
    };
    vec![finding]
}

/// Whether the service's user can read the installed Caddyfile at its next start.
pub fn readable(reader: &Reader, path: &Path) -> Vec<Finding> {
    let Ok(metadata) = std::fs::metadata(path) else {
        let help = "install one with `caddyctl deploy`";
        return vec![Finding::fault(format!("{} does not exist", shown::path(path)), help)];
    };
    if reader.may_read(Ownership::of(&metadata)) && reader.stopped_at(path).is_none() {
        return Vec::new();
    }
    let help = format!("chown root:caddy {0} && chmod 0640 {0}", shown::path(path));
    vec![Finding::fault(
        format!("the service's user cannot read {}: the next start fails", shown::path(path)),
        help,
    )]
}
