//! What systemd made of a drop-in and its companion. A torn drop-in passes `daemon-reload` without a word, so what is in
//! force is read back (measured on systemd 252).

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::artifact::Role;
use crate::files::write;
use crate::process::deadline::Deadline;
use crate::process::run::RunError;
use crate::state::journal::Journal;
use crate::systemd::next::UnitFiles;
use crate::systemd::notify::{Notify, SYSTEMD};
use crate::systemd::unit_file::UnitFile;
use crate::systemd::{Systemd, Unit};
use crate::watchdog::disarm;
use caddyctl_host::regular;

/// The first systemd that starts a companion with `Upholds=`.
pub const UPHOLDS_SINCE: u32 = 249;

/// Something is not as the drop-in says.
#[derive(Debug, thiserror::Error)]
pub enum UnitsError {
    /// systemd could not be asked.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A property has another value.
    #[error("systemd has {name}={is}, but the drop-in sets {wanted}")]
    Differs {
        /// The property.
        name: &'static str,
        /// Its value.
        is: String,
        /// What the drop-in says.
        wanted: String,
    },
    /// The companion is not up.
    #[error("the watchdog's unit {unit} is {state}, and without it systemd would kill a healthy Caddy")]
    Companion {
        /// The companion.
        unit: String,
        /// Its state.
        state: String,
    },
    /// The companion is up, and Caddy's watchdog is not armed.
    #[error("no watchdog is active: its unit {unit} arms it when Caddy responds, and has not done so")]
    Unarmed {
        /// The companion.
        unit: String,
    },
}

/// What a deploy brought systemd, as far as it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The drop-ins that changed, and their texts.
    drop_ins: Vec<(PathBuf, String)>,
    /// Whether there is to be a companion.
    has_companion: bool,
}

impl Wanted {
    /// The files of `journal`, which are in place.
    pub fn of(journal: &Journal) -> Self {
        let is_drop_in = |path: &Path| path.extension().is_some_and(|extension| extension == "conf");
        let placed = journal
            .entries
            .iter()
            .filter(|entry| entry.role == Role::DropIn && entry.new.is_some() && is_drop_in(&entry.target));
        Self {
            drop_ins: placed
                .filter_map(|entry| Some((entry.target.clone(), text_at(&entry.target)?)))
                .collect(),
            has_companion: journal.companion,
        }
    }
}

fn text_at(path: &Path) -> Option<String> {
    String::from_utf8(write::read(path, regular::MOST).ok()?).ok()
}

/// Has systemd read its units again, brings what is `wanted` in force without touching Caddy, and reads it back.
/// `companion` is the name of the companion, wanted or not.
pub fn install(
    systemd: &Systemd,
    wanted: &Wanted,
    companion: &str,
    deadline: Deadline,
) -> Result<(), UnitsError> {
    let least = Duration::from_secs(5);
    systemd.daemon_reload(deadline.left_or(least))?;
    let soon = deadline.left_or(least).min(Duration::from_secs(15));
    if wanted.has_companion {
        // Its program or its text may be new.
        systemd.of(companion).try_restart(soon)?;
    } else {
        // The next start has no watchdog; the one that the running Caddy has would have nobody to answer it.
        dismiss(systemd, companion, soon);
    }
    await_units(systemd, wanted, companion, Deadline::after(soon))
}

/// Waits until systemd has in force what is `wanted`: the values of the drop-in, the companion up, and the watchdog armed
/// when Caddy runs.
fn await_units(
    systemd: &Systemd,
    wanted: &Wanted,
    companion: &str,
    deadline: Deadline,
) -> Result<(), UnitsError> {
    loop {
        let now = deadline.left_or(Duration::from_secs(3));
        match look(systemd, wanted, companion, now) {
            Err(_) if !deadline.has_passed() => std::thread::sleep(Duration::from_millis(250)),
            done => return done,
        }
    }
}

fn look(systemd: &Systemd, wanted: &Wanted, companion: &str, within: Duration) -> Result<(), UnitsError> {
    let unit = systemd.show(within)?;
    let files = UnitFiles::of(&unit, systemd.unit());
    wanted
        .drop_ins
        .iter()
        .try_for_each(|(path, text)| compare(&unit, text, &files.with(path, Some(text))))?;
    if !wanted.has_companion || !unit.is_active() {
        return Ok(());
    }
    match systemd.of(companion).show(within)?.get("ActiveState") {
        "active" => is_armed(&unit, companion),
        state => Err(UnitsError::Companion { unit: companion.to_owned(), state: state.to_owned() }),
    }
}

/// A companion is up before it has looked at Caddy for the first time. The drop-in says nothing of that where it is as
/// it was, and a companion that was missing has had the watchdog taken off.
fn is_armed(caddy: &Unit, companion: &str) -> Result<(), UnitsError> {
    caddy.watchdog().map(drop).ok_or_else(|| UnitsError::Unarmed { unit: companion.to_owned() })
}

/// Settings of `drop_in` that systemd has otherwise. Where another of the `files` has the last word, that one counts: it is
/// somebody else's.
fn compare(unit: &Unit, drop_in: &str, files: &UnitFiles) -> Result<(), UnitsError> {
    let drop_in = UnitFile::parse(drop_in);
    for (key, name) in
        [("Restart", "Restart"), ("RestartSec", "RestartUSec"), ("WatchdogSec", "WatchdogUSec")]
    {
        let last = files.last("Service", key).map(|(_, value)| value);
        if last.as_deref() != drop_in.last("Service", key) {
            continue;
        }
        // An empty value is systemd's own.
        let value = drop_in.last("Service", key).filter(|value| !value.is_empty());
        let Some(wanted) = value.and_then(plain) else { continue };
        // A watchdog is in force only while the service runs.
        if key == "WatchdogSec" && !unit.is_active() {
            continue;
        }
        if unit.get(name) != wanted {
            return Err(UnitsError::Differs { name, is: unit.get(name).to_owned(), wanted });
        }
    }
    Ok(())
}

/// A value as systemd shows it; `None` for spellings of a time that it would show in another way.
fn plain(value: &str) -> Option<String> {
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("{value}s"));
    }
    let number =
        value.strip_suffix('s').filter(|number| number.parse::<u8>().is_ok_and(|seconds| seconds < 60));
    let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (number.is_some() || is_word).then(|| value.to_owned())
}

/// A line of a unit file that is no section, comment, continuation or assignment: the text was cut off there. systemd
/// passes over it without a word.
pub fn torn_line(text: &str) -> Option<&str> {
    UnitFile::parse(text).torn
}

/// Stops a companion that is about to go, and takes the watchdog off Caddy: without a heartbeat it would be killed.
pub fn dismiss(systemd: &Systemd, companion: &str, within: Duration) {
    // Nothing here may stop an undo; what stays wrong is seen when the units are read back.
    let _ = systemd.of(companion).stop(within);
    let pid = systemd.show(within).ok().and_then(|unit| unit.main_pid());
    if let (Some(pid), Ok(notify)) = (pid, Notify::new(SYSTEMD)) {
        let _ = disarm(&notify, pid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_torn() {
        assert_eq!(torn_line("# x\n[Service]\nRestart=on-failure\nRestartS"), Some("RestartS"));
        assert_eq!(torn_line("[Service]\nExecStart=\nExecStart=/x \\\n  --y\n; z\n"), None);
    }

    #[test]
    fn what_is_armed() {
        let armed = |watchdog: &str| {
            let caddy = Unit::parse(&format!("ActiveState=active\nWatchdogUSec={watchdog}\n"));
            is_armed(&caddy, "caddy-watchdog.service").map_err(|error| error.to_string())
        };
        assert_eq!(armed("30s"), Ok(()));
        let expected = "no watchdog is active: its unit caddy-watchdog.service arms it when Caddy responds, and has not done so";
        assert_eq!(["0", "infinity"].map(armed), [Err(expected.to_owned()), Err(expected.to_owned())]);
    }

    #[test]
    fn what_is_in_force() {
        let drop_in = "[Service]\nRestart=on-failure\nRestartSec=5\nWatchdogSec=30s\n";
        let own = Path::new("/etc/systemd/system/caddy.service.d/override.conf");
        let files = UnitFiles::default().with(own, Some(drop_in));
        let compare = |unit: &Unit, text: &str| compare(unit, text, &files);
        let show = |watchdog: &str, restart: &str| {
            Unit::parse(&format!(
                "ActiveState=active\nRestart=on-failure\nRestartUSec={restart}\nWatchdogUSec={watchdog}\n"
            ))
        };
        assert!(compare(&show("30s", "5s"), drop_in).is_ok());
        assert_eq!(
            compare(&show("0", "5s"), drop_in).unwrap_err().to_string(),
            "systemd has WatchdogUSec=0, but the drop-in sets 30s"
        );
        assert!(compare(&show("30s", "100ms"), drop_in).is_err());
        // Somebody else has the last word.
        let other = files.with(&own.with_file_name("zz.conf"), Some("[Service]\nRestartSec=9s\n"));
        assert!(super::compare(&show("30s", "9s"), drop_in, &other).is_ok());
        assert!(compare(&Unit::parse("Restart=on-failure\nRestartUSec=5s\n"), drop_in).is_ok());
        assert_eq!((plain("1min"), plain("90s"), plain("on-abort")), (None, None, Some("on-abort".into())));
    }
}
