//! `caddyctl uninstall`: take the drop-in, the companion and its program away again.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use caddyctl_deploy::artifact::Role;
use caddyctl_deploy::files::digest::Digest;
use caddyctl_deploy::files::disk;
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::files::write;
use caddyctl_deploy::place::{program, units};
use caddyctl_deploy::state::history;
use caddyctl_deploy::state::journal::Journal;
use caddyctl_deploy::state::lock::Lock;
use caddyctl_deploy::systemd::drop_in;
use caddyctl_deploy::transaction::units::dismiss;
use caddyctl_host::regular;
use caddyctl_language::source::shown;

use super::deploy::place::Place;
use super::deploy::{outcome, signals};
use super::fault::Fault;
use super::history::unreadable;
use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Remove the drop-in and the watchdog that deploys have installed";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl uninstall

uninstall removes the systemd drop-in, the watchdog's unit and its program, and turns off the watchdog of the running Caddy. \
A drop-in that was edited stays, without the settings of the watchdog. The Caddyfile, the running configuration, the history \
and the program of a package stay.

Exit status: 0 removed, or nothing to remove; 2 usage error or system error.";

/// How long systemd may take for each step.
const STEP: Duration = Duration::from_secs(30);

/// Uninstalls.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    found.exists().map_err(Fault::from)?;
    found.may_write().map_err(Fault::from)?;
    let _lock = Lock::take(&found.host, "uninstall", Duration::from_mins(1), &signals::cancel())
        .map_err(outcome::locked)?;
    if Journal::find(&found.host)?.is_some() {
        return Err(Fault::system("a deploy is unfinished").help("run `caddyctl recover` first").into());
    }
    let records = history::all(&found.host).map_err(|error| unreadable(&error))?;
    // Also where the history is gone.
    let standard = units::standard(&found.host);
    let mut paths: Vec<(Role, PathBuf)> = records
        .iter()
        .flat_map(|record| record.files.clone())
        .filter(|file| !file.role.is_config())
        .map(|file| (file.role, file.path))
        // What somebody else had there comes back when ours goes.
        .filter(|(_, path)| path.extension().is_none_or(|extension| extension != "before-caddyctl"))
        .filter(|(_, path)| found.host.has(path))
        .chain(standard.iter().cloned())
        .collect();
    paths.sort_by(|a, b| b.cmp(a));
    paths.dedup();
    // A drop-in that somebody has edited since is theirs.
    let is_edited = |path: &Path| {
        let bytes = found.host.read(path, regular::MOST);
        bytes.map_or(true, |bytes| !history::has(&records, path, &Digest::of(&bytes)))
    };
    let (edited, paths): (Vec<_>, Vec<_>) = paths
        .into_iter()
        .partition(|file| file.0 == Role::DropIn && !standard.contains(file) && is_edited(&file.1));
    let mut disarmed = Vec::new();
    for (_, path) in &edited {
        let text = disk::read_text(&found.host.root, path, regular::MOST).ok();
        if let Some(text) = text.and_then(|text| drop_in::disarmed(&text, &found.host.companion())) {
            disarmed.push((path, text));
        } else {
            print::stdout(format!("left    {}, which was edited\n", shown::path(path)))?;
        }
    }
    let reason = |(role, path): &(Role, PathBuf)| match role {
        Role::Program if history::was_there(&records, path, None) => {
            Some("which was there before the first deploy".to_owned())
        }
        Role::Program => program::other_unit(&found.host, path).map(|unit| format!("which {unit} runs")),
        _ => None,
    };
    let mut kept = Vec::new();
    for file in &paths {
        if let Some(reason) = reason(file) {
            print::stdout(format!("left    {}, {}\n", shown::path(&file.1), shown::line(&reason)))?;
            kept.push(file.clone());
        }
    }
    let paths: Vec<_> = paths.into_iter().filter(|file| !kept.contains(file)).collect();
    // The drop-in goes first: with it, systemd would start the companion again, and kill a Caddy that has none.
    let (drop_ins, others): (Vec<_>, Vec<_>) = paths.iter().partition(|(role, _)| *role == Role::DropIn);
    for (path, text) in &disarmed {
        write::write_in_place(&found.host.on_disk(path), text.as_bytes())?;
        let path = shown::path(path);
        print::stdout(format!("changed {path}, which was edited: it no longer has a watchdog\n"))?;
    }
    for part in [drop_ins, others] {
        for (_, path) in &part {
            remove(&found.host, path)?;
            print::stdout(format!("removed {}\n", shown::path(path)))?;
        }
        let is_changed = !paths.is_empty() || !disarmed.is_empty();
        if let Some((systemd, _)) = found.systemd.as_ref().filter(|_| is_changed) {
            systemd.daemon_reload(STEP)?;
            dismiss(systemd, &found.host.companion(), STEP);
        }
    }
    if let Some(mut record) = history::current(&found.host) {
        // What went on purpose is no drift.
        record.files.retain(|file| file.role.is_config());
        history::set(&found.host, &record)?;
    }
    if paths.is_empty() && kept.is_empty() && edited.is_empty() {
        print::stdout("nothing to do: no drop-in, unit or program of a deploy is installed\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Removes a file; a drop-in that somebody else had put there comes back.
fn remove(host: &Host, path: &Path) -> anyhow::Result<()> {
    let before = path.with_extension("conf.before-caddyctl");
    let there = host.on_disk(path);
    if path.extension().is_some_and(|extension| extension == "conf") && host.has(&before) {
        write::place(&host.on_disk(&before), &there)?;
        return Ok(());
    }
    Ok(write::remove(&there)?)
}
