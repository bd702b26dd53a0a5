//! The systemd side of a deployment: the drop-in, the companion that keeps the watchdog quiet, and its program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl_deploy::artifact::{DeployFile, Role};
use caddyctl_deploy::process::apart;
use caddyctl_deploy::state::history::Record;
use caddyctl_deploy::systemd::unit_file::{Beyond, Objection, UnitFile};

use caddyctl_deploy::transaction::units::UPHOLDS_SINCE;
use caddyctl_host::regular;

use super::place::Found;
use crate::cli::fault::Fault;

/// The drop-in that is installed when the source has none.
pub const DROP_IN: &str = include_str!("../../../systemd/caddy.service.d/override.conf");

/// The companion.
const COMPANION: &str = include_str!("../../../systemd/caddy-watchdog.service");

/// Where the companion's sandbox can see its program.
const PROGRAM: &str = "/usr/local/bin/caddyctl";

/// The companion of `caddy.service`, as a drop-in of a source names it, whatever the unit is called.
const COMPANION_NAME: &str = "caddy-watchdog.service";

/// So many settings are named in an error.
const SHOWN: usize = 20;

/// The drop-in of a source.
#[derive(Clone, Debug)]
pub struct DropIn {
    text: String,
    /// The file, as faults name it.
    file: String,
    /// Whether it may set anything.
    is_trusted: bool,
}

impl DropIn {
    /// The drop-in of the program itself.
    pub fn own() -> Self {
        Self { text: DROP_IN.to_owned(), file: String::new(), is_trusted: true }
    }

    /// The drop-in `bytes` of a source, which `file` names. `is_trusted` says that it may set anything
    /// (`--allow-unit-settings`, or it was in force on this host before).
    ///
    /// # Errors
    ///
    /// Text that systemd would not read as it stands.
    pub fn new(bytes: Vec<u8>, file: impl Into<String>, is_trusted: bool) -> anyhow::Result<Self> {
        let file = file.into();
        let fault = |what: &str| {
            Fault::input(format!("{file}: {what}")).help("nothing was changed; correct the file")
        };
        let text = String::from_utf8(bytes).map_err(|_| fault("the drop-in is not UTF-8"))?;
        if text.contains('\0') && !is_trusted {
            let found = Self { text, file: file.clone(), is_trusted };
            found.judge("")?;
            return Err(fault("the drop-in has a NUL byte").into());
        }
        Ok(Self { text, file, is_trusted })
    }

    /// The settings that only a person allows, for the plan. `companion` is the name of the companion unit.
    ///
    /// # Errors
    ///
    /// Such settings in a drop-in that nobody has allowed to have them, and a text that is cut off.
    pub fn judge(&self, companion: &str) -> anyhow::Result<Vec<Beyond>> {
        let text = &self.text;
        let unit = UnitFile::parse(text);
        let beyond = unit.beyond_source(&[COMPANION_NAME, companion]);
        if !self.is_trusted && !beyond.is_empty() {
            return Err(self.refusal(&beyond).into());
        }
        // systemd would read what is left of it without a word.
        let torn = unit.torn.or_else(|| text.lines().last().filter(|_| !text.ends_with('\n')));
        if let Some(line) = torn {
            let fault = Fault::input(format!("the drop-in is cut off at `{}`", line.escape_debug()));
            return Err(fault
                .help("nothing was changed; get the whole file, with a line break at its end")
                .into());
        }
        Ok(beyond)
    }

    fn refusal(&self, beyond: &[Beyond]) -> Fault {
        let mut text = "the drop-in of the source has settings that a source may not have:".to_owned();
        for found in beyond.iter().take(SHOWN) {
            let why = match found.why {
                Objection::Key => "",
                Objection::Value => ": its value has characters that are not allowed",
                Objection::Unit => ": it names a unit that the deploy does not install",
            };
            text += &format!("\n  {}:{}: {found}{why}", self.file, found.line);
        }
        if beyond.len() > SHOWN {
            text += &format!("\n  and {} more", beyond.len() - SHOWN);
        }
        Fault::input(text).help(
            "nothing was changed. A source may have Restart*=, WatchdogSec= and Limit*= in [Service] and the watchdog's \
             Upholds= in [Unit]. Read the file; then --allow-unit-settings installs it as it is, and --no-drop-in leaves it out",
        )
    }
}

/// The files of the systemd side, in the order in which they must come, and what has to be said about them.
pub fn files(
    drop_in: &DropIn,
    watchdog: bool,
    found: &Found,
    last: Option<&Record>,
) -> (Vec<DeployFile>, Option<String>) {
    let wants = has_watchdog(&drop_in.text);
    let (companion, said) = match (wants && watchdog).then(|| companion(found)) {
        Some(Ok(files)) => (files, None),
        Some(Err(reason)) => (Vec::new(), Some(format!("the watchdog is left out: {reason}"))),
        None => (Vec::new(), None),
    };
    let text = if companion.is_empty() {
        without_watchdog(&drop_in.text, &found.host.companion())
    } else {
        renamed(&drop_in.text, &found.host.unit)
    };
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
    (files, said)
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

/// Whether the watchdog is switched on.
fn has_watchdog(text: &str) -> bool {
    let unit = UnitFile::parse(text);
    let is_on = |value: &str| value != "infinity" && value.contains(|c: char| ('1'..='9').contains(&c));
    unit.last("Service", "WatchdogSec").is_some_and(is_on)
}

/// `WatchdogSec=` alone would kill a healthy Caddy.
fn without_watchdog(text: &str, companion: &str) -> String {
    let unit = UnitFile::parse(text);
    let mut kept = text.to_owned();
    for found in unit.settings.iter().rev() {
        match (found.section, found.key.as_str()) {
            ("Service", "WatchdogSec") => kept.replace_range(found.lines.clone(), ""),
            ("Unit", "Upholds") => {
                let others: Vec<&str> = found
                    .value
                    .split_whitespace()
                    .filter(|name| *name != COMPANION_NAME && *name != companion)
                    .collect();
                let others = others.join(" ");
                let line = if others.is_empty() { String::new() } else { format!("Upholds={others}\n") };
                kept.replace_range(found.lines.clone(), &line);
            }
            _ => {}
        }
    }
    kept
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
        let plain = without_watchdog(DROP_IN, COMPANION_NAME);
        assert!(plain.contains("Restart=on-failure\nRestartSec=5s\n"), "{plain}");
        assert!(!plain.contains("\nWatchdogSec") && !plain.contains("\nUpholds"));
        let spaced =
            "[Service]\nWatchdogSec = 30s\nRestart=no\n[Unit]\nUpholds = \\\n# c\n caddy-watchdog.service\n";
        assert!(has_watchdog(spaced) && has_watchdog(DROP_IN));
        assert_eq!(without_watchdog(spaced, COMPANION_NAME), "[Service]\nRestart=no\n[Unit]\n");
        for off in ["0", "0s", "infinity", ""] {
            assert!(!has_watchdog(&format!("[Service]\nWatchdogSec=5\nWatchdogSec={off}\n")), "{off}");
        }
        let other = without_watchdog("[Unit]\nUpholds=a.service caddy-watchdog.service\n", COMPANION_NAME);
        assert_eq!(other, "[Unit]\nUpholds=a.service\n");
        assert!(renamed(DROP_IN, "web.service").contains("Upholds=web-watchdog.service"));
        assert!(renamed(COMPANION, "web.service").contains("BindsTo=web.service\n"));
        assert!(renamed(COMPANION, "web.service").contains("watchdog --unit web.service\n"));
    }
}
