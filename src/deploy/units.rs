//! What systemd made of a drop-in and its companion. A torn drop-in passes `daemon-reload` without a word, so what is in
//! force is read back (measured on systemd 252).

use std::path::Path;
use std::time::Duration;

use super::deadline::Deadline;
use super::notify::{Notify, SYSTEMD};
use super::plan::{Artifact, Role};
use super::run::RunError;
use super::systemd::{Systemd, Unit};
use super::watchdog::disarm;

/// The first systemd that starts a companion with `Upholds=`.
pub const UPHOLDS_SINCE: u32 = 249;

/// Something is not as the drop-in says.
#[derive(Debug, thiserror::Error)]
pub enum UnitsError {
    /// systemd could not be asked.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A property has another value.
    #[error("systemd has {name}={is}, and the drop-in says {wanted}")]
    Differs {
        /// The property.
        name: &'static str,
        /// Its value.
        is: String,
        /// What the drop-in says.
        wanted: String,
    },
    /// The companion is not up.
    #[error("the companion {unit} is {state}, and without it systemd would kill a healthy caddy")]
    Companion {
        /// The companion.
        unit: String,
        /// Its state.
        state: String,
    },
}

/// Waits until systemd has in force what `artifact` brought: the values of the drop-in, the companion up, and the
/// watchdog armed when Caddy runs.
pub fn await_units(systemd: &Systemd, artifact: &Artifact, deadline: Deadline) -> Result<(), UnitsError> {
    loop {
        let now = deadline.left_or(Duration::from_secs(3));
        match look(systemd, artifact, now) {
            Err(_) if !deadline.has_passed() => std::thread::sleep(Duration::from_millis(250)),
            done => return done,
        }
    }
}

fn look(systemd: &Systemd, artifact: &Artifact, within: Duration) -> Result<(), UnitsError> {
    let unit = systemd.show(within)?;
    let text = |role| artifact.files.iter().filter(move |file| file.role == role);
    let is_drop_in = |path: &Path| path.extension().is_some_and(|extension| extension == "conf");
    for drop_in in text(Role::DropIn).filter(|file| is_drop_in(&file.path)) {
        compare(&unit, &String::from_utf8_lossy(drop_in.bytes.as_deref().unwrap_or_default()))?;
    }
    for companion in text(Role::Unit).filter(|file| file.bytes.is_some() && unit.is_active()) {
        let name = companion.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let state = systemd.of(&name).show(within)?.get("ActiveState").to_owned();
        if state != "active" {
            return Err(UnitsError::Companion { unit: name, state });
        }
    }
    Ok(())
}

fn compare(unit: &Unit, drop_in: &str) -> Result<(), UnitsError> {
    for (key, name) in
        [("Restart", "Restart"), ("RestartSec", "RestartUSec"), ("WatchdogSec", "WatchdogUSec")]
    {
        let value = drop_in.lines().rev().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        let Some(wanted) = value.and_then(|value| plain(value.trim())) else { continue };
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
    let is_torn = |line: &&str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.lines().map(str::trim).find(is_torn)
}

/// Restarts the companions whose program or unit was replaced; Caddy is not touched.
pub fn refresh(systemd: &Systemd, artifact: &Artifact, within: Duration) -> Result<(), RunError> {
    for file in artifact.files.iter().filter(|file| file.role == Role::Unit && file.bytes.is_some()) {
        systemd.of(&file.path.file_name().unwrap_or_default().to_string_lossy()).try_restart(within)?;
    }
    Ok(())
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
    fn what_is_in_force() {
        let drop_in = "[Service]\nRestart=on-failure\nRestartSec=5\nWatchdogSec=30s\n";
        let show = |watchdog: &str, restart: &str| {
            Unit::parse(&format!(
                "ActiveState=active\nRestart=on-failure\nRestartUSec={restart}\nWatchdogUSec={watchdog}\n"
            ))
        };
        assert!(compare(&show("30s", "5s"), drop_in).is_ok());
        assert_eq!(
            compare(&show("0", "5s"), drop_in).unwrap_err().to_string(),
            "systemd has WatchdogUSec=0, and the drop-in says 30s"
        );
        assert!(compare(&show("30s", "100ms"), drop_in).is_err());
        assert!(compare(&Unit::parse("Restart=on-failure\nRestartUSec=5s\n"), drop_in).is_ok());
        assert_eq!((plain("1min"), plain("90s"), plain("on-abort")), (None, None, Some("on-abort".into())));
    }
}
