//! The systemd side of a deployment: the drop-in, the companion that keeps the watchdog quiet, and its program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Found;
use crate::artifact::{DeployFile, Role};
use crate::files::digest::Digest;
use crate::process::apart;
use crate::state::history::{self, Record};
use crate::systemd::drop_in::{COMPANION, DropIn, has_watchdog, is_off, renamed, without_watchdog};
use crate::systemd::next::UnitFiles;
use crate::transaction::units::UPHOLDS_SINCE;
use caddyctl_host::regular;
use caddyctl_language::source::shown;

/// Where the companion's sandbox can see its program.
const PROGRAM: &str = "/usr/local/bin/caddyctl";

/// What a deploy does to the systemd side.
#[derive(Debug, Default)]
pub struct Side {
    /// The files, in the order in which they must come.
    pub files: Vec<DeployFile>,
    /// What is reported about them.
    pub notes: Vec<String>,
}

/// The files of the systemd side. `records` are the past deployments: a drop-in that is none of theirs is somebody else's,
/// and stays as it is.
pub fn files(drop_in: &DropIn, watchdog: bool, found: &Found, records: &[Record]) -> Side {
    let host = &found.host;
    let mut side = Side::default();
    let wants = watchdog && has_watchdog(&drop_in.text);
    let mut companion = match wants.then(|| companion(found)) {
        Some(Ok(files)) => files,
        Some(Err(reason)) => {
            side.notes.push(format!("the watchdog is left out: {reason}"));
            Vec::new()
        }
        None => Vec::new(),
    };
    let text = |has_companion: bool| {
        if has_companion {
            renamed(&drop_in.text, &host.unit)
        } else {
            without_watchdog(&drop_in.text, &host.companion())
        }
    };
    let (usual, own) = (host.drop_in(), host.own_drop_in());
    let wanted = text(!companion.is_empty());
    let whose = |path: &Path| Whose::of(path, found, &wanted, records);
    let (path, gone) = match (whose(&usual), whose(&own)) {
        (_, Whose::Other) => {
            let (own, usual) = (shown::path(&own), shown::path(&usual));
            side.notes.push(format!(
                "{own} was edited and stays as it is, and no drop-in is installed; \
                 move the edits to {usual}, and delete {own}"
            ));
            return side;
        }
        (Whose::Other, own_state) => {
            if own_state == Whose::Nobody {
                side.notes.push(format!(
                    "{} is not of a deploy and stays as it is; its settings count above those of {}",
                    shown::path(&usual),
                    shown::path(&own)
                ));
            }
            (own, None)
        }
        (_, Whose::Ours) => (usual, Some(own)),
        (_, Whose::Nobody) => (usual, None),
    };
    if let Some(other) = switched_off(found, &path, &wanted).filter(|_| !companion.is_empty()) {
        side.notes.push(format!("the watchdog is left out: {} switches it off", shown::path(other)));
        companion.clear();
    }
    let text = text(!companion.is_empty());
    side.files = companion;
    side.files.extend(gone.map(|path| DeployFile { path, bytes: None, role: Role::DropIn }));
    side.files.push(DeployFile { path, bytes: Some(text.into_bytes()), role: Role::DropIn });
    side
}

/// Who wrote a drop-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// There is none.
    Nobody,
    /// A deploy did.
    Ours,
    /// Somebody else did, or has edited ours.
    Other,
}

impl Whose {
    fn of(path: &Path, found: &Found, wanted: &str, records: &[Record]) -> Self {
        if !found.host.has(path) {
            return Self::Nobody;
        }
        let Ok(bytes) = found.host.read(path, regular::MOST) else { return Self::Other };
        let is_ours = bytes == wanted.as_bytes() || history::has(records, path, &Digest::of(&bytes));
        if is_ours { Self::Ours } else { Self::Other }
    }
}

/// The file of somebody else that switches the watchdog off which the drop-in `text` at `path` switches on.
fn switched_off(found: &Found, path: &Path, text: &str) -> Option<PathBuf> {
    let (_, unit) = found.systemd.as_ref()?;
    let files = UnitFiles::of(unit, &found.host.unit).with(path, Some(text));
    let (other, _) =
        files.last("Service", "WatchdogSec").filter(|(last, value)| *last != path && is_off(value))?;
    Some(other.to_owned())
}

/// The program and the unit, or why there cannot be any.
fn companion(found: &Found) -> Result<Vec<DeployFile>, String> {
    let name = found.host.companion();
    let path = Path::new("/etc/systemd/system").join(&name);
    if std::fs::read_link(found.host.on_disk(&path)).is_ok_and(|to| to == Path::new("/dev/null")) {
        return Err(format!("{name} is masked; run `systemctl unmask {name}`, then deploy again"));
    }
    if let Some((systemd, _)) = &found.systemd {
        let version = systemd.version(Duration::from_secs(10)).map_err(|error| error.to_string())?;
        if version < UPHOLDS_SINCE {
            return Err(format!(
                "systemd {version} cannot start the watchdog's unit; it needs {UPHOLDS_SINCE} or newer"
            ));
        }
    }
    let program = apart::own_bytes(Role::Program.most());
    let program = program.map_err(|error| format!("cannot read this program: {error}"))?;
    let unit = renamed(COMPANION, &found.host.unit);
    Ok(vec![
        DeployFile { path: PathBuf::from(PROGRAM), bytes: Some(program), role: Role::Program },
        DeployFile { path, bytes: Some(unit.into_bytes()), role: Role::Unit },
    ])
}
