//! The systemd side of a deployment: the drop-in, the companion that keeps the watchdog quiet, and its program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Found;
use crate::artifact::{DeployFile, Role};
use crate::process::apart;
use crate::state::history::Record;
use crate::systemd::drop_in::{COMPANION, DropIn, has_watchdog, renamed, without_watchdog};
use crate::transaction::units::UPHOLDS_SINCE;
use caddyctl_host::regular;

/// Where the companion's sandbox can see its program.
const PROGRAM: &str = "/usr/local/bin/caddyctl";

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
