//! The systemd side of a deployment: the drop-in, the companion that keeps the watchdog quiet, and its program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl::deploy::apart;
use caddyctl::deploy::history::Record;
use caddyctl::deploy::plan::{DeployFile, Role};
use caddyctl::deploy::units::{UPHOLDS_SINCE, torn_line};
use caddyctl::source::regular;

use super::place::Found;
use crate::cli::fault::Fault;

/// The drop-in that is installed when the source has none.
pub const DROP_IN: &str = include_str!("../../../systemd/caddy.service.d/override.conf");

/// The companion.
const COMPANION: &str = include_str!("../../../systemd/caddy-watchdog.service");

/// Where the companion's sandbox can see its program.
const PROGRAM: &str = "/usr/local/bin/caddyctl";

/// The files of the systemd side, in the order in which they must come, and what has to be said about them.
pub fn files(
    drop_in: &[u8],
    watchdog: bool,
    found: &Found,
    last: Option<&Record>,
) -> anyhow::Result<(Vec<DeployFile>, Option<String>)> {
    let text = String::from_utf8_lossy(drop_in);
    // systemd would read what is left of it without a word.
    let torn = torn_line(&text).or_else(|| text.lines().last().filter(|_| !text.ends_with('\n')));
    if let Some(line) = torn {
        let fault = Fault::input(format!("the drop-in is cut off at `{line}`"));
        return Err(fault
            .help("nothing was changed; get the whole file, with a line break at its end")
            .into());
    }
    let wants = text.lines().any(|line| line.starts_with("WatchdogSec="));
    let (companion, said) = match (wants && watchdog).then(|| companion(found)) {
        Some(Ok(files)) => (files, None),
        Some(Err(reason)) => (Vec::new(), Some(format!("the watchdog is left out: {reason}"))),
        None => (Vec::new(), None),
    };
    let text = if companion.is_empty() { without_watchdog(&text) } else { renamed(&text, &found.host.unit) };
    let mut files = companion;
    let path = found.host.drop_in();
    let is_ours = last.is_some_and(|record| record.files.iter().any(|file| file.path == path));
    let there = found.host.read(&path, regular::MOST).ok();
    if let Some(there) = there.filter(|there| !is_ours && *there != text.as_bytes()) {
        // What somebody else had put there is kept; systemd reads only names that end in `.conf`.
        let copy = path.with_extension("conf.before-caddyctl");
        files.push(DeployFile { path: copy, bytes: Some(there), role: Role::DropIn });
    }
    files.push(DeployFile { path, bytes: Some(text.into_bytes()), role: Role::DropIn });
    Ok((files, said))
}

/// The program and the unit, or why there cannot be any.
fn companion(found: &Found) -> Result<Vec<DeployFile>, String> {
    let name = found.host.companion();
    let path = Path::new("/etc/systemd/system").join(&name);
    if std::fs::read_link(found.host.on_disk(&path)).is_ok_and(|to| to == Path::new("/dev/null")) {
        return Err(format!("{name} is masked; after `systemctl unmask {name}` a deploy brings it back"));
    }
    if let Some((systemd, _)) = &found.systemd {
        let version = systemd.version(Duration::from_secs(10)).map_err(|error| error.to_string())?;
        if version < UPHOLDS_SINCE {
            return Err(format!(
                "systemd {version} cannot start the companion; {UPHOLDS_SINCE} or newer can"
            ));
        }
    }
    let program = apart::own_bytes(Role::Program.most());
    let program = program.map_err(|error| format!("this program cannot be read: {error}"))?;
    let unit = renamed(COMPANION, &found.host.unit);
    Ok(vec![
        DeployFile { path: PathBuf::from(PROGRAM), bytes: Some(program), role: Role::Program },
        DeployFile { path, bytes: Some(unit.into_bytes()), role: Role::Unit },
    ])
}

/// `WatchdogSec=` alone would kill a healthy Caddy.
fn without_watchdog(text: &str) -> String {
    let kept = text.lines().filter(|line| !line.starts_with("WatchdogSec=") && !line.starts_with("Upholds="));
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// The text for another unit than `caddy.service`.
fn renamed(text: &str, unit: &str) -> String {
    let stem = unit.strip_suffix(".service").unwrap_or(unit);
    text.replace("caddy-watchdog.service", &format!("{stem}-watchdog.service")).replace("caddy.service", unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let plain = without_watchdog(DROP_IN);
        assert!(plain.contains("Restart=on-failure\nRestartSec=5s\n"), "{plain}");
        assert!(!plain.contains("\nWatchdogSec") && !plain.contains("\nUpholds"));
        assert!(renamed(DROP_IN, "web.service").contains("Upholds=web-watchdog.service"));
        assert!(renamed(COMPANION, "web.service").contains("BindsTo=web.service\n"));
        assert!(renamed(COMPANION, "web.service").contains("watchdog --unit web.service\n"));
    }
}
