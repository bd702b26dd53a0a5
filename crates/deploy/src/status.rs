//! What is deployed, what runs, and where the two have drifted apart.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::artifact::Role;
use crate::certificates::Certificate;
use crate::files::digest::Digest;
use crate::files::disk;
use crate::files::host::Host;
use crate::state::caddy::HostCaddy;
use crate::state::history::{self, Record, Recorded};
use crate::state::journal::{Journal, Phase};
use crate::state::lock::held_by;
use crate::systemd::Unit;
use caddyctl_language::source::shown;

/// The service as systemd has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Such as `active (running)`.
    pub state: String,
    /// Since when, as systemd writes it.
    pub since: String,
    /// Whether it starts at the next boot, as far as systemd says.
    pub enabled: bool,
    /// The main process; 0 when there is none.
    pub pid: u32,
    /// How often systemd has restarted it.
    pub restarts: u32,
    /// How it ended before the last of these restarts, in systemd's word; empty when that is unknown.
    pub ended: String,
    /// The watchdog in force; empty when there is none.
    pub watchdog: String,
    /// The state of the companion that keeps the watchdog quiet; empty when it is unknown.
    pub companion: String,
}

impl Service {
    /// What matters of `unit` and its companion.
    pub fn of(unit: &Unit, companion: Option<&Unit>) -> Self {
        let since = if unit.is_active() { "ActiveEnterTimestamp" } else { "StateChangeTimestamp" };
        Self {
            state: format!("{} ({})", unit.get("ActiveState"), unit.get("SubState")),
            since: unit.get(since).to_owned(),
            enabled: unit.get("UnitFileState") != "disabled",
            pid: unit.main_pid().unwrap_or(0),
            restarts: unit.get("NRestarts").parse().unwrap_or(0),
            ended: String::new(),
            watchdog: unit.watchdog().unwrap_or_default().to_owned(),
            companion: companion.map(companion_state).unwrap_or_default(),
        }
    }

    fn is_up(&self) -> bool {
        self.state.starts_with("active") || self.state.starts_with("reloading")
    }
}

/// Its state; systemd calls one that fails again and again `activating` too.
fn companion_state(unit: &Unit) -> String {
    let state = if unit.get("SubState") == "auto-restart" { "failing" } else { unit.get("ActiveState") };
    state.to_owned()
}

/// The Caddy of the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Program {
    /// Its path.
    pub program: PathBuf,
    /// Its version.
    pub version: String,
    /// Whether caddyctl knows this version. If not, the program's own reading of the Caddyfile counts.
    pub known: bool,
}

impl From<&HostCaddy> for Program {
    fn from(caddy: &HostCaddy) -> Self {
        let HostCaddy { program, version, .. } = caddy;
        Self { program: program.clone(), version: version.clone(), known: caddy.known().is_some() }
    }
}

/// Why what runs, or what is installed, is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unknown(pub String);

/// What the caller found out about the running Caddy.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The host's Caddy, when it says its version.
    pub caddy: Option<Program>,
    /// The service, when systemd was asked.
    pub service: Option<Service>,
    /// Where the admin API answers, and what runs; or why that is not known. `None` when nobody asked.
    pub running: Option<Result<(String, Value), Unknown>>,
    /// What the installed files compile to, or why they do not.
    pub installed: Option<Result<Value, Unknown>>,
    /// What Caddy would resume with (`autosave.json`), where it would (`--resume`).
    pub autosave: Option<Value>,
    /// The certificates of the sites.
    pub certificates: Vec<Certificate>,
    /// The last errors that Caddy logged, oldest first.
    pub errors: Vec<String>,
    /// What the next start has otherwise than what runs, each a sentence.
    pub next: Vec<String>,
    /// What keeps sites from answering, now or after the next start, each a sentence.
    pub serving: Vec<String>,
    /// How many checks of the deployment were run; `None` when it has none, or they were not to be run.
    pub checked: Option<usize>,
}

/// Everything there is to say.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The host's Caddy.
    pub caddy: Option<Program>,
    /// The service.
    pub service: Option<Service>,
    /// Where the admin API answers.
    pub admin: Option<String>,
    /// Digest of the running configuration.
    pub running: Option<Digest>,
    /// Digest of what the installed files compile to.
    pub installed: Option<Digest>,
    /// The deployment that is in place.
    pub deployment: Option<Record>,
    /// What it was made from, when that is a file of this machine.
    pub source: Option<Source>,
    /// The certificates of the sites that Caddy keeps in a folder.
    pub certificates: Vec<Certificate>,
    /// The last errors that Caddy logged, oldest first.
    pub errors: Vec<String>,
    /// How many checks of the deployment were run; `None` when it has none, or they were not to be run.
    pub checked: Option<usize>,
    /// What is not as it should be, in words; empty when all is well.
    pub problems: Vec<String>,
}

/// The Caddyfile that a deployment was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its path.
    pub path: PathBuf,
    /// Whether it, or a file that it imports, is not as it was deployed.
    pub changed: bool,
}

/// Puts it together. Reads the state folder and the deployed files; asks nobody.
pub fn status(host: &Host, seen: Seen) -> Status {
    let deployment = history::current(host);
    let mut problems = Vec::new();
    problems.extend(history_problem(host));
    problems.extend(seen.service.iter().flat_map(service_problems));
    problems.extend(unfinished(host));
    problems.extend(deployment.iter().flat_map(|record| changed_files(host, record)));
    let (admin, running) = match seen.running {
        Some(Ok((address, config))) => (Some(address), Some(Digest::of_config(&config))),
        Some(Err(reason)) => {
            // That a stopped Caddy does not answer is no news.
            if seen.service.as_ref().is_none_or(Service::is_up) {
                problems.push(format!("could not get the running configuration: {reason}"));
            }
            (None, None)
        }
        None => (None, None),
    };
    let installed = match seen.installed {
        Some(Ok(config)) => Some(Digest::of_config(&config)),
        Some(Err(reason)) => {
            problems.push(format!(
                "the installed files do not compile, and Caddy cannot start with them: {reason}"
            ));
            None
        }
        None => None,
    };
    // In the middle of a deploy, and while one waits for its confirmation, only the running configuration is new.
    let awaits = matches!(Journal::find(host), Ok(Some(journal)) if journal.phase == Phase::Awaiting);
    let is_settled = !awaits && held_by(host).is_none();
    let drift = |a: &Option<Digest>, b: &Option<Digest>| is_settled && a.is_some() && b.is_some() && a != b;
    if drift(&running, &installed) {
        problems.push("Caddy does not run the configuration of the installed files".to_owned());
    }
    if drift(&running, &seen.autosave.as_ref().map(Digest::of_config)) {
        problems.push("Caddy's autosave differs from the running configuration".to_owned());
    }
    problems.extend(seen.serving);
    problems.extend(seen.next);
    problems.extend(seen.certificates.iter().filter_map(Certificate::problem));
    Status {
        caddy: seen.caddy,
        service: seen.service,
        admin,
        running,
        installed,
        source: deployment.as_ref().and_then(|record| source(host, record)),
        deployment,
        certificates: seen.certificates,
        errors: seen.errors,
        checked: seen.checked,
        problems,
    }
}

fn service_problems(service: &Service) -> Vec<String> {
    let mut problems = Vec::new();
    if !service.is_up() {
        problems.push(format!("the service is not running, but {}", service.state));
    }
    if !service.enabled {
        problems.push("the service is not enabled: it does not start at the next boot".to_owned());
    }
    // After a restart of Caddy the companion takes a moment to start.
    if service.is_up()
        && !service.watchdog.is_empty()
        && !matches!(&service.companion[..], "active" | "activating")
    {
        let state = if service.companion.is_empty() { "missing" } else { &service.companion };
        problems.push(format!(
            "a watchdog of {} is active, but its unit is {state}: systemd will kill a healthy Caddy",
            service.watchdog
        ));
    }
    problems
}

/// Why the history cannot be used. Other users than root are not meant to read it.
fn history_problem(host: &Host) -> Option<String> {
    let error = history::all(host).err()?;
    let is_refused = error.source.kind() != io::ErrorKind::PermissionDenied;
    is_refused.then(|| format!("could not read the last deployment: {error}"))
}

fn unfinished(host: &Host) -> Option<String> {
    if let Some(holder) = held_by(host) {
        return Some(format!("a deploy is running: {holder}"));
    }
    match Journal::find(host) {
        Ok(None) => None,
        Ok(Some(journal)) if journal.phase == Phase::Awaiting => {
            Some(format!("deployment {} waits for `caddyctl confirm`", journal.id))
        }
        Ok(Some(journal)) => Some(format!("deployment {} is unfinished; run `caddyctl recover`", journal.id)),
        Err(error) => Some(error.to_string()),
    }
}

/// Deployed files that somebody has changed since.
fn changed_files(host: &Host, record: &Record) -> Vec<String> {
    let differs = |file: &&Recorded| is_other(digest_below(&host.root, &file.path, file), file);
    let ours = record.files.iter().filter(|file| file.role != Role::HostImport);
    // All units have one heartbeat program, and the last deploy of any of them writes it.
    let others = history::of_other_units(host);
    let is_of_other = |file: &&Recorded| {
        file.role == Role::Program
            && digest_below(&host.root, &file.path, file).ok().flatten().is_some_and(|now| {
                let mut files = others.iter().flat_map(|(_, other)| &other.files);
                files.any(|other| other.path == file.path && other.digest.as_ref() == Some(&now))
            })
    };
    let changed = ours.filter(differs).filter(|file| !is_of_other(file));
    changed.map(|file| format!("{} has changed since the deploy", shown::path(&file.path))).collect()
}

/// Digest of the file at `path` below `root`; `None` when there is none.
fn digest_below(root: &Path, path: &Path, file: &Recorded) -> io::Result<Option<Digest>> {
    match disk::open(root, path).and_then(|found| Digest::of_file(found, file.role.most())) {
        Ok(digest) => Ok(Some(digest)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether what was found is not what was deployed. What may not be read is not known; what is no file is another one.
fn is_other(found: io::Result<Option<Digest>>, file: &Recorded) -> bool {
    match found {
        Ok(now) => now != file.digest,
        Err(error) => error.kind() != io::ErrorKind::PermissionDenied,
    }
}

/// What `record` was made from, and whether that has changed since: the files lie there as they lie on the host.
fn source(host: &Host, record: &Record) -> Option<Source> {
    let path = record.source.clone()?;
    let folder = path.parent()?;
    let differs = |file: &Recorded| {
        let there = match file.role {
            Role::Caddyfile => path.clone(),
            _ => folder.join(file.path.strip_prefix(host.config_folder()).ok()?),
        };
        Some(is_other(digest_below(Path::new("/"), &there, file), file))
    };
    let ours = record.files.iter().filter(|file| matches!(file.role, Role::Caddyfile | Role::Import));
    let changed = ours.filter_map(differs).any(|differs| differs);
    Some(Source { path, changed })
}

/// How long asking may take for a status.
pub const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn problems_are_named() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let unit =
            Unit::parse("ActiveState=active\nSubState=running\nWatchdogUSec=30s\nMainPID=7\nNRestarts=2\n");
        let seen = |running: Value, companion: &str| Seen {
            service: Some(Service::of(&unit, Some(&Unit::parse(&format!("ActiveState={companion}\n"))))),
            running: Some(Ok(("localhost:2019".to_owned(), running))),
            installed: Some(Ok(json!({"a": 1}))),
            autosave: Some(json!({"a": 1})),
            ..Seen::default()
        };
        assert_eq!(status(&host, seen(json!({"a": 1}), "active")).problems, Vec::<String>::new());
        assert_eq!(status(&host, seen(json!({"a": 1}), "activating")).problems, Vec::<String>::new());
        let failing = status(&host, seen(json!({"a": 1}), "activating\nSubState=auto-restart")).problems;
        assert!(failing[0].contains("but its unit is failing"), "{failing:?}");
        let mut stopped = seen(json!({"a": 1}), "inactive");
        let unit = Unit::parse(
            "ActiveState=inactive\nSubState=dead\nWatchdogUSec=30s\nUnitFileState=disabled\n\
                                ActiveEnterTimestamp=before\nStateChangeTimestamp=now\n",
        );
        stopped.service = Some(Service::of(&unit, None));
        stopped.running = Some(Err(Unknown("connection refused".to_owned())));
        let stopped = status(&host, stopped);
        assert_eq!(
            stopped.problems,
            [
                "the service is not running, but inactive (dead)",
                "the service is not enabled: it does not start at the next boot",
            ]
        );
        assert_eq!(stopped.service.unwrap().since, "now");
        assert_eq!(
            status(&host, seen(json!({"a": 2}), "failed")).problems,
            [
                "a watchdog of 30s is active, but its unit is failed: systemd will kill a healthy Caddy",
                "Caddy does not run the configuration of the installed files",
                "Caddy's autosave differs from the running configuration",
            ]
        );
    }

    #[test]
    fn a_source_that_changed() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new("/");
        std::fs::create_dir(root.path().join("sites")).unwrap();
        for name in ["Caddyfile", "sites/a"] {
            std::fs::write(root.path().join(name), name).unwrap();
        }
        let file = |path: &str, role, text: &str| Recorded {
            path: path.into(),
            role,
            digest: Some(Digest::of(text.as_bytes())),
            was_there: false,
            link: None,
        };
        let record = Record {
            source: Some(root.path().join("Caddyfile")),
            files: vec![
                file("/etc/caddy/Caddyfile", Role::Caddyfile, "Caddyfile"),
                file("/etc/caddy/sites/a", Role::Import, "sites/a"),
            ],
            number: 1,
            id: String::new(),
            when: String::new(),
            who: String::new(),
            config: Digest::of(b""),
            revision: None,
            modified: false,
            author: None,
            raised: 1,
            caddy: None,
            outcome: history::Outcome::Deployed,
        };
        assert!(!source(&host, &record).unwrap().changed);
        std::fs::write(root.path().join("sites/a"), "other").unwrap();
        assert!(source(&host, &record).unwrap().changed);
        assert_eq!(source(&host, &Record { source: None, ..record }), None);
    }
}
