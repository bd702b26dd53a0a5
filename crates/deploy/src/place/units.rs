//! The systemd side of a deployment: the drop-in, the companion that keeps the watchdog quiet, and its program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Found;
use super::program::{self, Copy};
use crate::artifact::{DeployFile, Role};
use crate::files::digest::Digest;
use crate::files::disk;
use crate::files::host::Host;
use crate::process::apart;
use crate::state::history::{self, Record};
use crate::systemd::drop_in::{COMPANION, DROP_IN, DropIn, has_watchdog, is_off, renamed, without_watchdog};
use crate::systemd::next::UnitFiles;
use crate::transaction::units::UPHOLDS_SINCE;
use caddyctl_host::regular;
use caddyctl_language::source::shown;

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
    let runs_packaged = !companion.is_empty() && program::packaged(host).is_some();
    side.files = companion;
    side.files.extend(gone.map(|path| DeployFile { path, bytes: None, role: Role::DropIn }));
    side.files.push(DeployFile { path, bytes: Some(text.into_bytes()), role: Role::DropIn });
    match runs_packaged.then(|| Copy::of(host, records)) {
        Some(Copy::Removed(file)) => side.files.push(file),
        Some(Copy::Stays(note)) => side.notes.push(note),
        Some(Copy::None) | None => {}
    }
    side
}

/// The companion's unit and the drop-ins on `host` that are as this program installs them, whatever its history says.
pub fn standard(host: &Host) -> Vec<(Role, PathBuf)> {
    let unit = renamed(COMPANION, &host.unit);
    let units = [unit.replace(program::COPY, program::PACKAGED), unit];
    let drop_in = renamed(DROP_IN, &host.unit);
    let drop_ins = [without_watchdog(&drop_in, &host.companion()), drop_in];
    let candidates = [
        (Role::Unit, unit_path(host), &units),
        (Role::DropIn, host.drop_in(), &drop_ins),
        (Role::DropIn, host.own_drop_in(), &drop_ins),
    ];
    let is_standard = |path: &Path, texts: &[String]| {
        disk::read_text(&host.root, path, regular::MOST).is_ok_and(|text| texts.contains(&text))
    };
    candidates
        .into_iter()
        .filter(|(_, path, texts)| is_standard(path, *texts))
        .map(|(role, path, _)| (role, path))
        .collect()
}

/// Where the companion's unit is.
fn unit_path(host: &Host) -> PathBuf {
    Path::new("/etc/systemd/system").join(host.companion())
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

/// The unit, and the program unless a package has it, or why there cannot be any.
fn companion(found: &Found) -> Result<Vec<DeployFile>, String> {
    let name = found.host.companion();
    let path = unit_path(&found.host);
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
    let unit = renamed(COMPANION, &found.host.unit);
    let unit = |program: &str| unit.replace(program::COPY, program).into_bytes();
    if let Some(packaged) = program::packaged(&found.host) {
        return Ok(vec![DeployFile {
            path,
            bytes: Some(unit(&packaged.to_string_lossy())),
            role: Role::Unit,
        }]);
    }
    let own = apart::own_bytes(Role::Program.most());
    let own = own.map_err(|error| format!("cannot read this program: {error}"))?;
    Ok(vec![
        DeployFile { path: PathBuf::from(program::COPY), bytes: Some(own), role: Role::Program },
        DeployFile { path, bytes: Some(unit(program::COPY)), role: Role::Unit },
    ])
}
