//! What a deploy would do, as a value: which files change, and what systemd and Caddy have to do.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::{CheckError, is_admin_off};
use super::setup::Setup;
use crate::artifact::{Artifact, DeployFile, Role};
use crate::files::digest::{Digest, same_config};
use crate::files::host::Host;
use crate::files::owner::{Ownership, Reader};
use crate::files::write::{Target, WriteError, at};
use crate::state::history::{Record, Recorded};
use crate::systemd::unit_file::Beyond;
use caddyctl_language::source::shown;

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is new.
    Create,
    /// Its content changes.
    Replace,
    /// It is as it should be.
    Keep,
    /// It was deployed earlier and is no longer wanted.
    Remove,
}

/// One file of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilePlan {
    /// Its path on the host.
    pub path: PathBuf,
    /// Where it really lies for this process: below the root, links followed.
    pub target: PathBuf,
    /// What it is for.
    pub role: Role,
    /// What happens to it.
    pub action: Action,
    /// Digest of what is there.
    pub old: Option<Digest>,
    /// Digest of what will be there.
    pub new: Option<Digest>,
    /// Owner, group and mode it will have.
    pub ownership: Ownership,
    /// Whether it is written in place, since it is a mount of its own.
    pub in_place: bool,
    /// Where the symbolic link leads that is there now and is replaced; what it leads to is not changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<PathBuf>,
    /// Where the symbolic link will lead that comes in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_link: Option<PathBuf>,
}

/// What Caddy has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Load {
    /// It runs this configuration already.
    Keep,
    /// The configuration is loaded through the admin API.
    Load,
    /// It does not run, and is started.
    Start,
    /// Its admin API is off, or will be: it is restarted with the new files.
    Restart,
    /// Files only: nothing.
    FilesOnly,
}

/// Everything a deploy would do. It changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Each file, in the order given.
    pub files: Vec<FilePlan>,
    /// Whether systemd has to read its units again.
    pub daemon_reload: bool,
    /// What Caddy has to do.
    pub load: Load,
    /// Digest of the running configuration, when one runs.
    pub old_config: Option<Digest>,
    /// Digest of the configuration to deploy.
    pub new_config: Digest,
    /// What the drop-in sets that a source may set only when a person allows it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unit_settings: Vec<Beyond>,
}

/// What Caddy does at the moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Running {
    /// It runs with this configuration.
    Config(Value),
    /// It does not run and can be started.
    Stopped,
    /// It is down, and systemd starts it again and again.
    Looping,
    /// It runs, and its admin API is off.
    AdminOff,
    /// It is not asked: files only.
    NotAsked,
}

impl Plan {
    /// Whether the service's user could read every file that Caddy reads at its next start.
    pub fn check_readable(&self, reader: &Reader, host: &Host) -> Result<(), CheckError> {
        for file in self.files.iter().filter(|file| file.role.is_config() && file.new.is_some()) {
            if !reader.may_read(file.ownership) {
                return Err(CheckError::Unreadable(file.path.clone()));
            }
            for path in [host.on_disk(&file.path), file.target.clone()] {
                if let Some(folder) = reader.stopped_at(&path) {
                    return Err(CheckError::Unreadable(folder.to_owned()));
                }
            }
        }
        Ok(())
    }

    /// Compares `artifact`, whose JSON is `config`, with what is in the `setup` and what is `running` there. Reads files,
    /// writes nothing.
    pub fn new(
        artifact: &Artifact,
        config: &Value,
        setup: &Setup<'_>,
        running: &Running,
    ) -> Result<Self, WriteError> {
        let files =
            artifact.files.iter().map(|file| plan_file(file, setup)).collect::<Result<Vec<_>, _>>()?;
        let changed = |is_config| {
            let mut files = files.iter().filter(|file| file.role.is_config() == is_config);
            files.any(|file| file.action != Action::Keep)
        };
        Ok(Self {
            daemon_reload: (changed(false) || setup.needs_reload) && setup.systemd.is_some(),
            load: match running {
                Running::Config(live) if same_config(live, config) => Load::Keep,
                Running::Config(_) if is_admin_off(config) && setup.systemd.is_some() => Load::Restart,
                Running::Config(_) => Load::Load,
                Running::Stopped | Running::Looping => Load::Start,
                // What it serves cannot be asked; it started with the installed files.
                Running::AdminOff if changed(true) || setup.force => Load::Restart,
                Running::AdminOff => Load::Keep,
                Running::NotAsked => Load::FilesOnly,
            },
            old_config: match running {
                Running::Config(live) => Some(Digest::of_config(live)),
                _ => None,
            },
            new_config: Digest::of_config(config),
            unit_settings: Vec::new(),
            files,
        })
    }

    /// Files of the configuration that this replaces, and that are not as the deployment `last` left them. Before the first
    /// deployment of this Caddyfile there is nothing to compare with.
    pub fn edited(&self, last: Option<&Record>) -> Vec<PathBuf> {
        let is_main = |known: &Recorded| {
            known.role == Role::Caddyfile && self.files.iter().any(|file| file.path == known.path)
        };
        let Some(last) = last.filter(|last| last.files.iter().any(is_main)) else {
            return Vec::new();
        };
        let is_edited = |file: &&FilePlan| {
            let known = last.files.iter().find(|known| known.path == file.path);
            let was = known.and_then(|known| known.digest.as_ref());
            file.old.as_ref().is_some_and(|is| Some(is) != was)
        };
        let config = self.changes().filter(|file| file.role.is_config());
        config.filter(is_edited).map(|file| file.path.clone()).collect()
    }

    /// A file of the configuration that this changes, and that is one of the deployment of another unit.
    pub fn of_other_unit(&self, others: &[(String, Record)]) -> Option<(PathBuf, String)> {
        self.changes().filter(|file| file.role.is_config()).find_map(|file| {
            let has = |known: &Recorded| known.path == file.path && known.role != Role::HostImport;
            let (unit, _) = others.iter().find(|(_, record)| record.files.iter().any(has))?;
            Some((file.path.clone(), unit.clone()))
        })
    }

    /// Whether everything is as it should be.
    pub fn is_empty(&self) -> bool {
        !self.daemon_reload
            && self.changes().next().is_none()
            && matches!(self.load, Load::Keep | Load::FilesOnly)
    }

    /// The files that change.
    pub fn changes(&self) -> impl Iterator<Item = &FilePlan> {
        self.files.iter().filter(|file| file.action != Action::Keep)
    }
}

fn plan_file(file: &DeployFile, setup: &Setup<'_>) -> Result<FilePlan, WriteError> {
    let host = &setup.host;
    if host.is_too_deep(&file.path) {
        return at(Err(host.too_deep()), "deploy", &file.path);
    }
    let target = Target::look(&host.root, &file.path, file.role.most(), &setup.mounts)?;
    let new = file.bytes.as_deref().map(Digest::of);
    let new_link = setup.links.iter().find(|(path, _)| *path == file.path).map(|(_, to)| to.clone());
    let action = match (&target.digest, &new) {
        (Some(_), Some(_)) if new_link.is_some() && new_link != target.link => Action::Replace,
        (Some(old), Some(new)) if old == new => Action::Keep,
        (None, None) => Action::Keep,
        (Some(_), Some(_)) => Action::Replace,
        // A link that leads nowhere is there.
        (None, Some(_)) if target.link.is_some() => Action::Replace,
        (None, Some(_)) => Action::Create,
        (Some(_), None) => Action::Remove,
    };
    let fresh = match file.role {
        Role::Caddyfile | Role::Import | Role::HostImport => {
            Ownership::of_new_config(&host.root, setup.reader.as_ref())
        }
        Role::Program => Ownership::plain(0o755),
        Role::Unit | Role::DropIn => Ownership::plain(0o644),
    };
    Ok(FilePlan {
        path: file.path.clone(),
        role: file.role,
        action,
        old: target.digest,
        new,
        // What replaces a link belongs to root, whoever owns what the link led to.
        ownership: match target.ownership {
            Some(old) if target.link.is_none() || action == Action::Keep => file.role.keeps(old, fresh),
            _ => fresh,
        },
        in_place: target.in_place,
        link: target.link,
        new_link: new_link.filter(|_| action != Action::Keep),
        target: target.path,
    })
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            let verb = match file.action {
                Action::Create => "create ",
                Action::Replace => "replace",
                Action::Keep => "keep   ",
                Action::Remove => "remove ",
            };
            let digests: Vec<&str> =
                [&file.old, &file.new].into_iter().flatten().map(Digest::short).collect();
            write!(f, "{verb} {}", shown::path(&file.path))?;
            if file.action != Action::Keep {
                write!(f, "  {}", digests.join(" -> "))?;
            }
            match (&file.link, &file.new_link) {
                _ if file.in_place => writeln!(f, "  (in place)")?,
                (_, Some(to)) => writeln!(f, "  (with a symbolic link to {})", shown::path(to))?,
                (Some(to), None) if file.action != Action::Keep => {
                    writeln!(f, "  (a symbolic link to {}, which stays as it is)", shown::path(to))?;
                }
                _ => writeln!(f)?,
            }
        }
        for found in &self.unit_settings {
            writeln!(f, "allow   {found}, in line {} of the drop-in", found.line)?;
        }
        if self.daemon_reload {
            writeln!(f, "run     systemctl daemon-reload")?;
        }
        match self.load {
            Load::Keep => writeln!(f, "keep    the running configuration"),
            Load::Load => writeln!(f, "load    the configuration {}", self.new_config.short()),
            Load::Start => writeln!(f, "start   caddy"),
            Load::Restart => writeln!(f, "restart caddy with the configuration {}", self.new_config.short()),
            Load::FilesOnly => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::host::Host;
    use crate::files::mount::Mounts;
    use serde_json::json;

    fn artifact(text: &str) -> Artifact {
        let file = |path: &str, role, text: &str| DeployFile {
            path: path.into(),
            bytes: Some(text.as_bytes().to_vec()),
            role,
        };
        Artifact {
            json: b"{}".to_vec(),
            files: vec![
                file("/etc/caddy/sites/a", Role::Import, "a"),
                file("/etc/caddy/Caddyfile", Role::Caddyfile, text),
            ],
        }
    }

    #[test]
    fn create_then_nothing_then_replace() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let plan = |text: &str, running: &Running| {
            let setup = Setup { mounts: Mounts::default(), ..Setup::files_only(host.clone()) };
            Plan::new(&artifact(text), &json!({"a": 1}), &setup, running).unwrap()
        };
        let first = plan("x", &Running::Stopped);
        assert_eq!(
            first.to_string(),
            "create  /etc/caddy/sites/a  ca978112ca1b\n\
             create  /etc/caddy/Caddyfile  2d711642b726\n\
             start   caddy\n"
        );
        for file in artifact("x").files {
            let path = host.on_disk(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file.bytes.unwrap()).unwrap();
        }
        assert!(plan("x", &Running::Config(json!({"a": 1.0}))).is_empty());
        let changed = plan("y", &Running::Config(json!({"a": 2})));
        assert_eq!(
            changed.to_string(),
            "keep    /etc/caddy/sites/a\n\
             replace /etc/caddy/Caddyfile  2d711642b726 -> a1fce4363854\n\
             load    the configuration c29a44abc114\n"
        );
        assert_eq!(serde_json::to_value(&changed).unwrap()["files"][1]["action"], "replace");
    }
}
