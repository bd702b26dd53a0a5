//! Everything that will be put in place, and everything that may have to be put back, written next to its target.

use std::path::{Path, PathBuf};

use super::plan::{Action, FilePlan, Load, Plan};
use crate::artifact::{Artifact, Role};
use crate::files::digest::Digest;
use crate::files::host::Host;
use crate::files::mount::Mounts;
use crate::files::owner::Ownership;
use crate::files::write::{self, WriteError, at, digest_at};
use crate::source::moved::moved_imports;
use crate::state::journal::{Entry, Journal, Phase, Pointer};
use crate::state::lock::now;
use caddyctl_language::source::shown;

/// A new journal for `plan`, which names every file that [`stage`] will write. It changes nothing.
pub fn open_journal(plan: &Plan, artifact: &Artifact, host: &Host, mounts: &Mounts) -> Journal {
    let started = now();
    let id = format!("{}-{}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%3f"), std::process::id());
    let folder_name = format!(".caddyctl-{id}");
    let main = plan.files.iter().find(|file| file.role == Role::Caddyfile);
    let home = main.and_then(|file| file.target.parent());
    let pointed = needs_pointer(plan);
    let mut staging = Vec::new();
    let mut entries = Vec::new();
    for file in &plan.files {
        if file.action == Action::Keep && !(pointed && file.role == Role::Caddyfile) {
            continue;
        }
        let folder = anchor(file, home, host, mounts).join(&folder_name);
        let number = entries.len();
        entries.push(Entry {
            role: file.role,
            target: file.target.clone(),
            next: folder.join(format!("next-{number}")),
            prev: folder.join(format!("prev-{number}")),
            // A link counts as what it is, and not as what it leads to.
            old: file.link.as_deref().map(Digest::of_link).or_else(|| file.old.clone()),
            new: match &file.new_link {
                Some(to) => Some(Digest::of_link(to)),
                None if file.action == Action::Keep => {
                    file.link.as_deref().map(Digest::of_link).or_else(|| file.new.clone())
                }
                None => file.new.clone(),
            },
            in_place: file.in_place,
        });
        if !staging.contains(&folder) {
            staging.push(folder);
        }
    }
    let pointer = home.filter(|_| pointed).map(|home| {
        let folder = home.join(&folder_name);
        Pointer {
            copies: [folder.join("pointer-0"), folder.join("pointer-1")],
            digest: Digest::of(pointer_text(&folder, host).as_bytes()),
        }
    });
    Journal {
        phase: Phase::Staging,
        started,
        admin: Vec::new(),
        moved: None,
        old_config: plan.old_config.clone(),
        new_config: plan.new_config.clone(),
        created: missing_folders(&staging, &entries),
        entries,
        pointer,
        staging,
        daemon_reload: plan.daemon_reload,
        companion: artifact.files.iter().any(|file| file.role == Role::Unit && file.bytes.is_some()),
        restart: plan.load == Load::Restart,
        raised: 1,
        confirm_until: None,
        confirm_by: None,
        id,
    }
}

/// Writes all staged files: new, old, and the tree that the pointer names. Before each, `go_on` says whether there is time.
pub fn stage<E: From<WriteError>>(
    journal: &Journal,
    plan: &Plan,
    artifact: &Artifact,
    host: &Host,
    go_on: &dyn Fn() -> Result<(), E>,
) -> Result<(), E> {
    for folder in journal.created.iter().chain(&journal.staging) {
        go_on()?;
        write::make_folder(folder)?;
    }
    for entry in &journal.entries {
        go_on()?;
        let Some(index) = plan.files.iter().position(|file| file.target == entry.target) else { continue };
        let file = &plan.files[index];
        let planned = file.ownership;
        let kept_link = file.link.as_deref().filter(|_| file.action == Action::Keep);
        if let Some(to) = file.new_link.as_deref().or(kept_link) {
            write::stage_link(&entry.next, to)?;
        } else if let Some(bytes) = artifact.files.get(index).and_then(|file| file.bytes.as_deref()) {
            write::stage(&entry.next, bytes, planned)?;
        }
        let most = entry.role.most();
        let found = match entry.old {
            _ if file.link.is_some() => None,
            Some(_) => Some(write::read(&entry.target, most)?),
            None => None,
        };
        let now = match &found {
            Some(bytes) => Some(Digest::of(bytes)),
            None => digest_at(&entry.target, most)?,
        };
        if now != entry.old {
            let error = std::io::Error::other("somebody else changed it after the plan");
            at(Err(error), "replace", &entry.target)?;
        }
        if let Some(to) = &file.link {
            write::stage_link(&entry.prev, to)?;
        }
        if let Some(bytes) = found {
            write::stage(&entry.prev, &bytes, planned)?;
        }
    }
    if let Some(pointer) = &journal.pointer {
        stage_tree(journal, pointer, plan, artifact, host, go_on)?;
    }
    journal.staging.iter().try_for_each(|folder| write::sync_folder(&folder.join("x")))?;
    Ok(journal.staging.iter().try_for_each(|folder| write::sync_folder(folder))?)
}

fn stage_tree<E: From<WriteError>>(
    journal: &Journal,
    pointer: &Pointer,
    plan: &Plan,
    artifact: &Artifact,
    host: &Host,
    go_on: &dyn Fn() -> Result<(), E>,
) -> Result<(), E> {
    let Some(folder) = pointer.copies[0].parent() else { return Ok(()) };
    let tree = folder.join("tree");
    let inside = seen_by_caddy(folder, host).join("tree");
    for (file, planned) in artifact.files.iter().zip(&plan.files) {
        let (Some(bytes), true) = (&file.bytes, file.role.is_config()) else { continue };
        // What lies elsewhere is imported from where it is, and does not change.
        let Ok(below) = file.path.strip_prefix(host.config_folder()) else { continue };
        go_on()?;
        let path = tree.join(below);
        let folder = write::make_folders(path.parent().unwrap_or(&tree))?;
        let name = path.file_name().unwrap_or_default();
        let bytes = moved_imports(bytes, host.config_folder(), &inside);
        write::stage_in(&folder, name, &bytes, planned.ownership)?;
        at(folder.sync(), "sync", folder.path())?;
    }
    let main = plan.files.iter().find(|file| file.role == Role::Caddyfile);
    let ownership = main.map_or(Ownership::plain(0o644), |file| file.ownership);
    let text = pointer_text(folder, host);
    debug_assert_eq!(Digest::of(text.as_bytes()), pointer.digest, "{}", journal.id);
    Ok(pointer.copies.iter().try_for_each(|copy| write::stage(copy, text.as_bytes(), ownership))?)
}

/// The Caddyfile of the staged tree, as Caddy would see its path; `None` when there is none.
pub fn stand_in(journal: &Journal, host: &Host) -> Option<PathBuf> {
    let folder = journal.pointer.as_ref()?.copies[0].parent()?;
    Some(seen_by_caddy(folder, host).join("tree").join(host.caddyfile.file_name()?))
}

/// Whether a stand-in is needed: several files that Caddy reads change.
fn needs_pointer(plan: &Plan) -> bool {
    let changing = plan.changes().filter(|file| file.role.is_config()).count();
    let main = plan.files.iter().find(|file| file.role == Role::Caddyfile);
    changing > 1 && main.is_some_and(|file| !file.in_place && file.new.is_some())
}

/// Where Caddy sees `folder`, which is a path of this process.
fn seen_by_caddy(folder: &Path, host: &Host) -> PathBuf {
    Path::new("/").join(folder.strip_prefix(&host.root).unwrap_or(folder))
}

/// The Caddyfile that stands for the staged tree. Caddy takes a relative import from the folder in which it was told
/// the Caddyfile lies; a link is not followed (measured on Caddy 2.11.7).
fn pointer_text(staging: &Path, host: &Host) -> String {
    let name = host.caddyfile.file_name().unwrap_or_default();
    let home = host.real(host.config_folder());
    let is_at_home = staging.starts_with(&home);
    let folder = if is_at_home {
        PathBuf::from(staging.file_name().unwrap_or_default())
    } else {
        seen_by_caddy(staging, host)
    };
    let path = folder.join("tree").join(name);
    format!(
        "# caddyctl is installing new files; until it has finished, this file imports them.\nimport \"{}\"\n",
        shown::path(path)
    )
}

/// The folder in which a file is staged: that of the Caddyfile when a rename works from there, since other folders may
/// be read with a wildcard; the state folder for what is written in place.
fn anchor(file: &FilePlan, home: Option<&Path>, host: &Host, mounts: &Mounts) -> PathBuf {
    let parent = file.target.parent().unwrap_or(Path::new("/"));
    match home {
        _ if file.in_place => host.state_folder(),
        Some(home) if file.target.starts_with(home) && mounts.same_mount(home, parent) => home.to_owned(),
        _ => parent.to_owned(),
    }
}

/// Folders that have to be made, outermost first.
fn missing_folders(staging: &[PathBuf], entries: &[Entry]) -> Vec<PathBuf> {
    let parents =
        staging.iter().chain(entries.iter().map(|entry| &entry.target)).filter_map(|path| path.parent());
    let mut missing: Vec<PathBuf> = parents
        .flat_map(|folder| folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned))
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use serde_json::Value;

    use super::*;
    use crate::artifact::DeployFile;
    use crate::process::deadline::Deadline;
    use crate::transaction::error::Cause;
    use crate::transaction::plan::Running;
    use crate::transaction::setup::Setup;

    #[test]
    fn staging_and_clearing_end_when_time_is_up() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        std::fs::create_dir_all(host.on_disk(host.config_folder())).unwrap();
        std::fs::create_dir_all(host.state_folder()).unwrap();
        let file = |path: String, role| DeployFile { path: path.into(), bytes: Some(b"x".to_vec()), role };
        let mut files: Vec<_> =
            (0..9).map(|n| file(format!("/etc/caddy/{n}/d/file"), Role::Import)).collect();
        files.push(file("/etc/caddy/Caddyfile".to_owned(), Role::Caddyfile));
        let artifact = Artifact { json: b"{}".to_vec(), files };
        let setup = Setup::files_only(host.clone());
        let plan = Plan::new(&artifact, &Value::Null, &setup, &Running::NotAsked).unwrap();
        let journal = open_journal(&plan, &artifact, &host, &Mounts::default());
        journal.save(&host).unwrap();
        let began = Cell::new(0);
        let staged = |most: usize| {
            began.set(0);
            stage::<Cause>(&journal, &plan, &artifact, &host, &|| {
                began.set(began.get() + 1);
                if began.get() > most { Err(Cause::Cancelled) } else { Ok(()) }
            })
        };
        let steps = journal.created.len() + journal.staging.len() + 2 * artifact.files.len();
        for most in [0, 5, 25, steps - 1] {
            assert!(staged(most).is_err(), "{most} of {steps}");
            assert_eq!(began.get(), most + 1);
            let passed = journal.clear(&host, true, Deadline::after(Duration::ZERO));
            assert!(passed.unwrap_err().to_string().ends_with("the deadline has passed"));
            assert!(Journal::path(&host).exists(), "the next run goes on");
            journal.clear(&host, true, Deadline::after(Duration::from_mins(1))).unwrap();
            assert_eq!(std::fs::read_dir(host.on_disk(host.config_folder())).unwrap().count(), 0);
            journal.save(&host).unwrap();
        }
        assert!(staged(steps).is_ok());
    }
}
