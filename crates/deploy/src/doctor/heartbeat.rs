//! The traps of a drop-in: a watchdog that nobody keeps quiet kills a healthy Caddy every 30 seconds.

use std::path::PathBuf;

use super::Finding;
use crate::systemd::Unit;
use crate::transaction::units::torn_line;
use caddyctl_language::source::shown;

/// What there is to know about the watchdog.
#[derive(Clone, Debug)]
pub struct Heartbeat<'h> {
    /// Caddy's unit.
    pub unit: &'h Unit,
    /// The companion's name, and what systemd says of it.
    pub companion: (&'h str, Option<&'h Unit>),
    /// The files of Caddy's unit and their texts, in the order in which systemd reads them.
    pub files: &'h [(PathBuf, String)],
}

/// What is wrong with the watchdog, or with the files that arm it.
pub fn heartbeat(seen: &Heartbeat<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in seen.files {
        if let Some(line) = torn_line(text) {
            findings.push(Finding::fault(
                format!("{} is truncated: systemd silently ignores its line `{line}`", shown::path(path)),
                "run `caddyctl deploy` to write it again; fix a file of your own by hand",
            ));
        }
    }
    let setting = seen.files.iter().flat_map(|(path, text)| text.lines().map(move |line| (path, line)));
    let setting = setting
        .filter_map(|(path, line)| Some((path, line.trim().strip_prefix("WatchdogSec=")?.trim())))
        .next_back()
        .filter(|(_, value)| !matches!(*value, "" | "0" | "infinity"));
    let armed = seen.unit.watchdog();
    let (name, companion) = seen.companion;
    let state = state(companion);
    // A stopped Caddy has no heartbeat; what counts is whether its next start brings one.
    let is_up = if seen.unit.is_active() {
        matches!(&*state, "active" | "activating")
    } else {
        let is_upheld = seen.unit.get("Upholds").split_whitespace().any(|unit| unit == name);
        is_upheld && companion.is_some_and(Unit::exists)
    };
    match setting {
        Some((path, value)) if !is_up && (armed.is_some() || !seen.unit.is_active() || companion.is_none_or(|unit| !unit.exists())) => {
            let when = if armed.is_some() { "" } else { ", from its next start" };
            let help = match &*state {
                "masked" => format!("`systemctl unmask {name}`, then `caddyctl deploy`"),
                _ => "run `caddyctl deploy` to install the heartbeat; or remove WatchdogSec= and run `systemctl daemon-reload`".to_owned(),
            };
            findings.push(Finding::fault(
                format!(
                    "{} sets WatchdogSec={value}, but the heartbeat {name} is {state}: systemd repeatedly kills a healthy Caddy{when}",
                    shown::path(path)
                ),
                help,
            ));
        }
        Some((path, value)) if !is_up => findings.push(Finding::fault(
            format!("{} sets WatchdogSec={value}, but the heartbeat {name} is {state}: systemd does not restart a frozen Caddy", shown::path(path)),
            format!("see `journalctl -u {name} -n 20` for the reason; `caddyctl deploy` installs its program again"),
        )),
        None if armed.is_some() && !is_up => findings.push(Finding::fault(
            format!("a watchdog of {} is active, but the heartbeat {name} is {state}: systemd kills a healthy Caddy", armed.unwrap_or_default()),
            "run `caddyctl deploy` to install the heartbeat",
        )),
        _ => {}
    }
    findings
}

/// The companion's state in one word.
fn state(companion: Option<&Unit>) -> String {
    let Some(unit) = companion else { return "missing".to_owned() };
    match (unit.get("LoadState"), unit.get("ActiveState"), unit.get("SubState")) {
        ("masked", ..) => "masked".to_owned(),
        ("not-found", ..) => "missing".to_owned(),
        (_, _, "auto-restart") => "failing".to_owned(),
        (_, state, _) => state.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traps() {
        let look = |unit: &str, companion: &str, text: &str| {
            let (unit, companion) = (Unit::parse(unit), Unit::parse(companion));
            let files = [(PathBuf::from("/x.conf"), text.to_owned())];
            let seen = Heartbeat {
                unit: &unit,
                companion: ("caddy-watchdog.service", Some(&companion)),
                files: &files,
            };
            heartbeat(&seen).into_iter().map(|finding| finding.fault).collect::<Vec<_>>().join("\n")
        };
        let up = "LoadState=loaded\nActiveState=active\n";
        let text = "[Service]\nWatchdogSec=30s\n";
        assert_eq!(look("ActiveState=active\nWatchdogUSec=30s\n", up, text), "");
        assert_eq!(
            look("ActiveState=active\nWatchdogUSec=0\n", "LoadState=not-found\n", "[Service]\nRestart=no\n"),
            ""
        );
        let missing = look("ActiveState=active\nWatchdogUSec=0\n", "LoadState=not-found\n", text);
        assert_eq!(
            missing,
            "/x.conf sets WatchdogSec=30s, but the heartbeat caddy-watchdog.service is missing: systemd \
             repeatedly kills a healthy Caddy, from its next start"
        );
        let masked = look("ActiveState=active\nWatchdogUSec=30s\n", "LoadState=masked\n", text);
        assert!(masked.contains("is masked") && masked.contains("repeatedly"), "{masked}");
        let failing = "LoadState=loaded\nActiveState=activating\nSubState=auto-restart\n";
        assert!(
            look("ActiveState=active\nWatchdogUSec=0\n", failing, text)
                .contains("does not restart a frozen Caddy")
        );
        assert!(
            look("ActiveState=active\nWatchdogUSec=0\n", up, "[Service]\nRestartS").contains("truncated")
        );
        assert_eq!(
            look("ActiveState=active\nWatchdogUSec=0\n", up, "[Service]\nExecStart=/x \\\n --y\n"),
            ""
        );
    }
}
