//! The last deployments: what was deployed, by whom, and with which result.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::caddy::HostCaddy;
use super::journal::{Journal, one};
use super::lock::{make_private, private};
use crate::artifact::{Artifact, DeployFile, Role};
use crate::files::digest::Digest;
use crate::files::folder::Folder;
use crate::files::host::{Host, STANDARD_UNIT};
use crate::files::link::Link;
use crate::files::resolve::{Foreign, is_trusted};
use crate::files::write::{self, WriteError, at};
use crate::process::deadline::Deadline;
use caddyctl_host::regular;

/// The file of a deployment that says what it was.
const RECORD: &str = "record.json";

/// The checks of the sites, as the source had them.
pub const CHECKS: &str = "checks.toml";

/// How those checks reach the sites, where the command line said so.
pub const REACH: &str = "reach.json";

/// The configuration that ran, as JSON, where that is not what the files compile to.
pub const RAN: &str = "running.json";

/// Files beside those of a deployment: their names, and what they hold.
pub type Extras = Vec<(&'static str, Vec<u8>)>;

/// How many are kept.
pub const KEPT: usize = 20;

/// How long it may take to remove an old one.
const CLEARING: Duration = Duration::from_secs(10);

/// How a deployment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is, or was, in place.
    Deployed,
    /// It has not ended: it is under way, waits for its confirmation, or was broken off.
    Pending,
    /// It was undone.
    Undone,
    /// Nobody deployed it: the files were found like this, and kept before a deploy replaced them.
    Found,
}

impl Outcome {
    /// Whether the files were in place at some time, so that a rollback can go back to them.
    pub fn was_in_place(self) -> bool {
        matches!(self, Self::Deployed | Self::Found)
    }
}

/// One file of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its path on the host.
    pub path: PathBuf,
    /// What it is for.
    pub role: Role,
    /// Digest of its content; `None` when it was removed.
    pub digest: Option<Digest>,
    /// Whether one was there before the first deploy. What was there is not taken away with what deploys installed.
    #[serde(default)]
    pub was_there: bool,
    /// Where a symbolic link led that was there instead; the content is what it led to.
    #[serde(default)]
    pub link: Option<PathBuf>,
}

/// One deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its place in the order of deployments, whatever the clock showed.
    #[serde(default)]
    pub number: u64,
    /// Its name, which begins with its time in UTC.
    pub id: String,
    /// When, in UTC.
    pub when: String,
    /// Who, as the caller gave it.
    pub who: String,
    /// Digest of the configuration.
    pub config: Digest,
    /// The git revision of the files, when they were in a repository.
    pub revision: Option<String>,
    /// Whether files were not as that revision has them.
    #[serde(default)]
    pub modified: bool,
    /// Who wrote the revision, where the source says so.
    #[serde(default)]
    pub author: Option<String>,
    /// The Caddyfile that it was made from, where that was a file of this machine.
    #[serde(default)]
    pub source: Option<PathBuf>,
    /// How many times as much as by default its files may grow to (`--raise-limits`).
    #[serde(default = "one")]
    pub raised: u32,
    /// The Caddy that it was for, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caddy: Option<HostCaddy>,
    /// How it ended.
    pub outcome: Outcome,
    /// Its files.
    pub files: Vec<Recorded>,
}

/// The deployments of `host`, newest first; none when the history cannot be used.
pub fn list(host: &Host) -> Vec<Record> {
    all(host).unwrap_or_default()
}

/// The same. Entries that cannot be read are left out.
///
/// # Errors
///
/// A folder of the history that cannot be read, that is reached over a link of another user, or that belongs to one.
pub fn all(host: &Host) -> Result<Vec<Record>, WriteError> {
    let path = folder(host);
    let opened = Folder::open(&path).and_then(|folder| {
        let uid = folder.metadata()?.st_uid;
        let foreign =
            || Foreign(format!("it belongs to user {uid}, who could change what a deploy keeps there"));
        if is_trusted(uid) { Ok(folder) } else { Err(foreign().into()) }
    });
    let folder = match opened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => at(opened, "read", &path)?,
    };
    let read = |name: &OsStr| {
        let text = folder.folder(name).ok()?.read(OsStr::new(RECORD), regular::MOST).ok()?;
        // Its name is part of paths.
        serde_json::from_slice(&text).ok().filter(|record: &Record| name == record.id.as_str())
    };
    let mut all: Vec<Record> =
        folder.names().unwrap_or_default().iter().filter_map(|name| read(name)).collect();
    all.sort_by(|a, b| (b.number, &b.id).cmp(&(a.number, &a.id)));
    Ok(all)
}

/// Whether a deployment of `records` had put a file of this content at `path`.
pub fn has(records: &[Record], path: &Path, digest: &Digest) -> bool {
    let files =
        records.iter().filter(|record| record.outcome != Outcome::Found).flat_map(|record| &record.files);
    files.into_iter().any(|file| file.path == path && file.digest.as_ref() == Some(digest))
}

/// Whether a file at `path`, which holds `old` now, was there before any deployment of `records`.
pub fn was_there(records: &[Record], path: &Path, old: Option<&Digest>) -> bool {
    let mut known = records.iter().flat_map(|record| &record.files).filter(|file| file.path == path);
    known.any(|file| file.was_there) || old.is_some_and(|old| !has(records, path, old))
}

/// The deployments that are in place of the other units of `host`, each with the unit's name.
pub fn of_other_units(host: &Host) -> Vec<(String, Record)> {
    let names = Folder::open(&host.all_states()).and_then(|folder| folder.names()).unwrap_or_default();
    let units = names.iter().filter_map(|name| name.to_str()).map(|name| format!("{name}.service"));
    let others = units.chain([STANDARD_UNIT.to_owned()]).filter(|unit| *unit != host.unit);
    let of = |unit: String| {
        let record = current(&Host { unit: unit.clone(), ..host.clone() })?;
        Some((unit, record))
    };
    others.filter_map(of).collect()
}

/// The deployment that is in place: the newest that was not undone.
pub fn current(host: &Host) -> Option<Record> {
    list(host).into_iter().find(|record| record.outcome == Outcome::Deployed)
}

/// How many times as much as by default the files of `host` may grow to, as those who deployed them allowed: what is in place
/// and what an unfinished deploy is about. Only a folder that root or the user of this process owns has a say.
pub fn raised(host: &Host) -> u32 {
    let unfinished = Journal::find(host).ok().flatten().map(|journal| journal.raised);
    let in_place = current(host).map(|record| record.raised);
    unfinished.into_iter().chain(in_place).max().unwrap_or(1).max(1)
}

/// Keeps `record`, the files of `artifact` and the `extras`, and lets go of the oldest. Only the owner of the state folder
/// can read them.
pub fn keep(host: &Host, record: &Record, artifact: &Artifact, extras: &Extras) -> Result<(), WriteError> {
    let number = list(host).iter().map(|record| record.number).max().unwrap_or(0) + 1;
    let record = &Record { number, ..record.clone() };
    let all = folder(host);
    private(host)?;
    make_private(&all)?;
    let folder = all.join(&record.id);
    make_private(&folder)?;
    // A program is large, and comes from whoever rolls back.
    let kept = artifact.files.iter().enumerate().filter(|(_, file)| file.role != Role::Program);
    for (number, file) in kept {
        if let Some(bytes) = &file.bytes {
            write::replace_private(&folder.join(number.to_string()), bytes)?;
        }
    }
    for (name, bytes) in extras {
        write::replace_private(&folder.join(name), bytes)?;
    }
    set(host, record)?;
    write::sync_folder(&folder)?;
    for old in list(host).into_iter().skip(KEPT) {
        let _ = write::remove_tree(&all.join(old.id), Deadline::after(CLEARING));
    }
    Ok(())
}

/// What the deployment `record` has kept under the name of an extra; `None` when it has not.
pub fn extra(host: &Host, record: &Record, name: &str) -> Result<Option<Vec<u8>>, WriteError> {
    match write::read(&folder(host).join(&record.id).join(name), regular::MOST) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts `extras` in the place of those called `names` that the deployment `record` has kept.
pub fn set_extras(host: &Host, record: &Record, names: &[&str], extras: &Extras) -> Result<(), WriteError> {
    let folder = folder(host).join(&record.id);
    for (name, bytes) in extras {
        write::replace_private(&folder.join(name), bytes)?;
    }
    let mut gone = names.iter().filter(|name| extras.iter().all(|(kept, _)| kept != *name));
    gone.try_for_each(|name| write::remove(&folder.join(name)))
}

/// Writes the record of a deployment that is kept already: its outcome changed.
pub fn set(host: &Host, record: &Record) -> Result<(), WriteError> {
    let text = serde_json::to_vec_pretty(record).unwrap_or_default();
    write::replace_private(&folder(host).join(&record.id).join(RECORD), &text)
}

/// The files of a deployment, without programs. Their content is checked against the record.
pub fn files(host: &Host, record: &Record) -> Result<Vec<DeployFile>, WriteError> {
    let folder = folder(host).join(&record.id);
    let of = |(number, file): (usize, &Recorded)| {
        let bytes = match &file.digest {
            None => None,
            Some(digest) => Some(checked(&folder.join(number.to_string()), digest)?),
        };
        Ok(DeployFile { path: file.path.clone(), bytes, role: file.role })
    };
    record.files.iter().enumerate().filter(|(_, file)| file.role != Role::Program).map(of).collect()
}

fn checked(path: &Path, digest: &Digest) -> Result<Vec<u8>, WriteError> {
    let bytes = write::read(path, regular::MOST)?;
    if Digest::of(&bytes) == *digest {
        return Ok(bytes);
    }
    at(Err(std::io::Error::other("it is not what was deployed")), "use", path)
}

/// The record of `artifact`.
pub fn record(id: &str, who: &str, config: &Digest, artifact: &Artifact) -> Record {
    let of = |file: &DeployFile| Recorded {
        path: file.path.clone(),
        role: file.role,
        digest: file.bytes.as_deref().map(Digest::of),
        was_there: false,
        link: None,
    };
    Record {
        number: 0,
        id: id.to_owned(),
        when: super::lock::now(),
        who: who.to_owned(),
        config: config.clone(),
        revision: None,
        modified: false,
        author: None,
        source: None,
        raised: 1,
        caddy: None,
        outcome: Outcome::Pending,
        files: artifact.files.iter().map(of).collect(),
    }
}

/// Keeps the files that were `found` in place, and the configuration that `ran` where it is not theirs, so that a rollback can
/// go back to both; nothing when the history has them already. `new` is what is deployed.
pub(crate) fn keep_found(
    host: &Host,
    id: &str,
    found: &Artifact,
    ran: Option<&Value>,
    new: &Artifact,
) -> Result<(), WriteError> {
    let all = list(host);
    let in_place = || all.iter().filter(|record| record.outcome.was_in_place());
    let digest = |file: &DeployFile| file.bytes.as_deref().map(Digest::of);
    let is_of = |record: &Record| {
        let has = |file: &DeployFile| {
            record.files.iter().any(|known| known.path == file.path && known.digest == digest(file))
        };
        found.files.iter().all(has)
    };
    // A deploy of the installed files themselves replaces none of them.
    let stays =
        |file: &DeployFile| new.files.iter().any(|new| new.path == file.path && new.bytes == file.bytes);
    let loads =
        crate::json::read(&found.json).ok().filter(Value::is_object).map(|config| Digest::of_config(&config));
    let ran_digest = ran.map(Digest::of_config);
    let is_theirs = ran_digest.is_none() || ran_digest == loads;
    let is_deployed = in_place().any(|record| Some(&record.config) == ran_digest.as_ref());
    let is_known = (in_place().next().is_some_and(is_of) && (is_theirs || is_deployed))
        || (found.files.iter().all(stays) && is_deployed);
    if is_known || found.files.is_empty() {
        return Ok(());
    }
    let config = ran_digest.or(loads).unwrap_or_else(|| Digest::of(b""));
    let mut record = Record { outcome: Outcome::Found, ..record(&format!("{id}-found"), "", &config, found) };
    for file in &mut record.files {
        file.link = Link::look(&host.root, &file.path).ok().flatten().map(|link| link.to);
    }
    let extras = ran.filter(|_| !is_theirs).map(|ran| (RAN, ran.to_string().into_bytes()));
    keep(host, &record, found, &extras.into_iter().collect())
}

/// Removes what a deploy that was killed while it wrote left behind.
pub(crate) fn sweep(host: &Host) {
    if let Ok(folder) = Folder::open(&host.state_folder()) {
        write::sweep(&folder);
    }
    let Ok(all) = Folder::open(&folder(host)) else { return };
    for name in all.names().unwrap_or_default() {
        let Ok(folder) = all.folder(&name) else { continue };
        write::sweep(&folder);
        if !folder.has(OsStr::new(RECORD)) {
            let _ = all.remove_all(&name);
        }
    }
}

/// Notes how the deployment `id` ended. A record that cannot be written does not undo what was done.
pub(crate) fn settle(host: &Host, id: &str, outcome: Outcome) {
    if let Some(record) = list(host).into_iter().find(|record| record.id == id) {
        let _ = set(host, &Record { outcome, ..record });
    }
}

fn folder(host: &Host) -> PathBuf {
    host.state_folder().join("history")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_last_twenty() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let file = |text: String| DeployFile {
            path: "/etc/caddy/Caddyfile".into(),
            bytes: Some(text.into_bytes()),
            role: Role::Caddyfile,
        };
        for number in 10..35 {
            let artifact = Artifact { json: Vec::new(), files: vec![file(number.to_string())] };
            let record = record(&number.to_string(), "ann", &Digest::of(b""), &artifact);
            keep(&host, &record, &artifact, &Extras::new()).unwrap();
            settle(&host, &record.id, Outcome::Deployed);
        }
        let all = list(&host);
        assert_eq!((all.len(), all[0].id.as_str(), all[19].id.as_str()), (20, "34", "15"));
        assert_eq!(files(&host, &all[1]).unwrap(), [file("33".to_owned())]);
        assert_eq!(current(&host), Some(all[0].clone()));
        fs::write(folder(&host).join("33/0"), "tampered").unwrap();
        assert!(files(&host, &all[1]).is_err());
        // The clock was set back.
        let artifact = Artifact { json: Vec::new(), files: vec![file("x".to_owned())] };
        keep(&host, &record("09", "ann", &Digest::of(b""), &artifact), &artifact, &Extras::new()).unwrap();
        assert_eq!((list(&host)[0].id.as_str(), list(&host)[19].id.as_str()), ("09", "16"));
    }

    #[test]
    fn checks_are_kept_with_a_deployment() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let artifact = Artifact::default();
        let record = record("1", "ann", &Digest::of(b""), &artifact);
        keep(&host, &record, &artifact, &vec![(CHECKS, b"a".to_vec())]).unwrap();
        assert_eq!(extra(&host, &record, CHECKS).unwrap().as_deref(), Some(&b"a"[..]));
        assert_eq!(extra(&host, &record, REACH).unwrap(), None);
        let mode = fs::metadata(folder(&host).join("1").join(CHECKS)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        set_extras(&host, &record, &[CHECKS, REACH], &vec![(REACH, b"b".to_vec())]).unwrap();
        assert_eq!(extra(&host, &record, CHECKS).unwrap(), None);
        assert_eq!(extra(&host, &record, REACH).unwrap().as_deref(), Some(&b"b"[..]));
    }

    #[test]
    fn what_was_found_is_kept_once_and_what_was_half_written_goes() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let found = |text: &str| Artifact {
            json: Vec::new(),
            files: vec![DeployFile {
                path: "/etc/caddy/Caddyfile".into(),
                bytes: Some(text.into()),
                role: Role::Caddyfile,
            }],
        };
        let keep = |id: &str, text: &str| keep_found(&host, id, &found(text), None, &found("new")).unwrap();
        keep("1", "a");
        keep("2", "a");
        keep("3", "b");
        let ids: Vec<String> = list(&host).into_iter().map(|record| record.id).collect();
        assert_eq!(ids, ["3-found", "1-found"]);
        // What ran is kept where no file says it, also when the file itself is deployed.
        let ran = serde_json::json!({"a": 1});
        keep_found(&host, "3b", &found("b"), Some(&ran), &found("b")).unwrap();
        let newest = list(&host).remove(0);
        assert_eq!((newest.id.as_str(), &newest.config), ("3b-found", &Digest::of_config(&ran)));
        assert_eq!(extra(&host, &newest, RAN).unwrap().as_deref(), Some(&b"{\"a\":1}"[..]));
        keep_found(&host, "3c", &found("c"), Some(&ran), &found("c")).unwrap();
        assert_eq!(list(&host).len(), 3, "a deployment has what ran, and the file stays");
        write::remove_tree(&folder(&host).join("3b-found"), Deadline::after(CLEARING)).unwrap();
        let torn = folder(&host).join("4");
        fs::create_dir(&torn).unwrap();
        fs::write(torn.join("0"), "x").unwrap();
        fs::write(host.state_folder().join(".caddyctl-tmp-x"), "x").unwrap();
        sweep(&host);
        assert!(!torn.exists() && list(&host).len() == 2);
        assert_eq!(fs::read_dir(host.state_folder()).unwrap().count(), 1);
    }
}
