//! What runs, and what the next start of the service would run: a deploy changes the one, a reboot brings the other.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::systemd::Unit;
use crate::systemd::next::UnitFiles;
use crate::systemd::service::{differing, is_of_systemd, running};
use crate::systemd::unit_file::UnitFile;
use caddyctl_language::source::{Env, shown};

/// What there is to know about the next start.
#[derive(Clone, Copy, Debug)]
pub struct Next<'n> {
    /// The unit's name.
    pub name: &'n str,
    /// What systemd says of it now.
    pub unit: &'n Unit,
    /// The unit from its next start on.
    pub next: &'n Unit,
    /// What systemd gives the process then.
    pub env: &'n Env,
    /// The number of its user then, when that is known.
    pub uid: Option<u32>,
    /// The drop-in of the deployment that is in place: its path and its text.
    pub drop_in: Option<(&'n Path, &'n str)>,
}

/// What the next start has otherwise than the process that runs, each a sentence.
pub fn next_start(seen: &Next<'_>) -> Vec<String> {
    let mut differences = Vec::new();
    if seen.unit.get("NeedDaemonReload") == "yes" {
        differences.push(format!(
            "the files of {} have changed, but systemd has not reloaded them; run `systemctl daemon-reload`",
            seen.name
        ));
    }
    if seen.next.resumes() {
        differences.push(format!(
            "{} starts Caddy with `--resume`: its next start runs what Caddy saved last (`autosave.json`), and not the Caddyfile",
            seen.name
        ));
    }
    differences.extend(seen.unit.main_pid().iter().flat_map(|pid| process(seen, *pid)));
    differences.extend(seen.drop_in.iter().flat_map(|(path, text)| overruled(seen, path, text)));
    differences
}

fn process(seen: &Next<'_>, pid: u32) -> Vec<String> {
    let mut differences = Vec::new();
    let folder = Path::new("/proc").join(pid.to_string());
    let is = running(seen.unit);
    // A process that may not be looked at says nothing.
    if is.iter().next().is_some() {
        for name in differing(&is, seen.env).into_iter().filter(|name| !is_of_systemd(name)) {
            differences.push(match (is.get(&name), seen.env.get(&name)) {
                (Some(_), None) => format!("the running Caddy has {name}, and its next start has not"),
                (None, Some(_)) => format!("the running Caddy has no {name}, and its next start has"),
                _ => format!("the running Caddy has a different {name} than its next start"),
            });
        }
    }
    let uid = folder.metadata().ok().map(|found| found.uid());
    if let (Some(is), Some(next)) = (uid, seen.uid)
        && is != next
    {
        differences.push(format!(
            "Caddy runs as user {is}, and its next start as user {next} ({})",
            seen.next.get("User")
        ));
    }
    let exe = std::fs::read_link(folder.join("exe")).ok();
    if let (Some(is), Some(next)) = (exe, seen.next.caddy().and_then(|program| program.canonicalize().ok()))
        && is != next
    {
        differences.push(match is.to_string_lossy().strip_suffix(" (deleted)") {
            Some(old) if Path::new(old) == next => {
                format!("{} was replaced since Caddy was started", shown::path(&next))
            }
            _ => format!("Caddy runs {}, and its next start {}", shown::path(&is), shown::path(&next)),
        });
    }
    let (is, next) = (config_of(&folder), seen.next.config_path());
    if is.is_some() && next.is_some() && is != next {
        let path = |path: Option<PathBuf>| path.map(shown::path).unwrap_or_default();
        differences.push(format!(
            "Caddy was started with {}, and its next start reads {}",
            path(is),
            path(next)
        ));
    }
    differences
}

/// The Caddyfile that a process was started with.
fn config_of(folder: &Path) -> Option<PathBuf> {
    let bytes = caddyctl_host::regular::read(&folder.join("cmdline"), 1 << 20).ok()?;
    let words: Vec<_> = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    let line = format!("{{ path=/x ; argv[]={} ; }}", words.join(" "));
    Unit::parse(&format!("ExecStart={line}\n")).config_path()
}

/// Settings of our drop-in of which another file has the last word.
fn overruled(seen: &Next<'_>, path: &Path, text: &str) -> Vec<String> {
    let files = UnitFiles::of(seen.unit, seen.name);
    let ours = UnitFile::parse(text);
    let look = |key: &&str| {
        let wanted = ours.last("Service", key)?;
        let (other, value) =
            files.last("Service", key).filter(|(last, value)| *last != path && value != wanted)?;
        let dies = if *key == "Restart" && value == "no" { ": a Caddy that dies stays down" } else { "" };
        Some(format!(
            "{} sets {key}={value}, and the deploy's drop-in {key}={wanted}{dies}",
            shown::path(other)
        ))
    };
    ["Restart", "RestartSec", "WatchdogSec"].iter().filter_map(look).collect()
}
