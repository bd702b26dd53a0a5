//! One deploy at a time.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::files::folder::Folder;
use crate::files::host::Host;
use crate::files::resolve::{Foreign, is_trusted};
use crate::files::write::{self, WriteError, at};
use crate::process::cancel::Cancel;
use crate::process::deadline::Deadline;

/// Who holds the lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Who started it, as the caller says.
    pub who: String,
    /// Since when, in UTC.
    pub since: String,
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The state folder cannot be used.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Somebody else has it, and did not let go in time.
    #[error("another deploy is running: {0}")]
    Held(Holder),
    /// The wait was cut short.
    #[error("stopped while waiting for another deploy")]
    Cancelled,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.pid, self.who.as_str()) {
            // It has the lock and has not written its name yet.
            (0, _) => f.write_str("it has just started"),
            (pid, who) => {
                write!(f, "process {pid}")?;
                if !who.is_empty() {
                    write!(f, " of {who}")?;
                }
                if self.since.is_empty() { Ok(()) } else { write!(f, " since {}", self.since) }
            }
        }
    }
}

/// The lock. It is let go when this value is dropped, and by the kernel when the process dies.
#[derive(Debug)]
#[must_use = "the lock is held only as long as this value lives"]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of `host` for `who`; waits up to `wait` for another deploy to end.
    pub fn take(host: &Host, who: &str, wait: Duration, cancel: &Cancel) -> Result<Self, LockError> {
        Self::take_reporting(host, who, wait, cancel, &|_| {})
    }

    /// The same; when it has to wait, `waits` is called once with the holder.
    pub fn take_reporting(
        host: &Host,
        who: &str,
        wait: Duration,
        cancel: &Cancel,
        waits: &dyn Fn(&Holder),
    ) -> Result<Self, LockError> {
        let folder = private(host)?;
        let path = folder.path().join("lock");
        let mut file = at(folder.open_or_create(OsStr::new("lock")), "open", &path)?;
        let deadline = Deadline::after(wait);
        let mut has_reported = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => at(Err(error), "lock", &path)?,
                Err(TryLockError::WouldBlock) if cancel.is_cancelled() => return Err(LockError::Cancelled),
                Err(TryLockError::WouldBlock) if deadline.has_passed() => {
                    return Err(LockError::Held(holder(&mut file)));
                }
                Err(TryLockError::WouldBlock) => {
                    if !std::mem::replace(&mut has_reported, true) {
                        waits(&holder(&mut file));
                    }
                    std::thread::sleep(Duration::from_millis(50));
                }
            }
        }
        let me = Holder { pid: std::process::id(), who: who.to_owned(), since: now() };
        let text = serde_json::to_vec(&me).unwrap_or_default();
        // Only for the words of a second deploy: a full disk must not stop a recovery here.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(&text));
        super::history::sweep(host);
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// Who holds the lock of `host` now; nobody is kept waiting by the question.
pub fn held_by(host: &Host) -> Option<Holder> {
    let folder = Folder::open(&host.state_folder()).ok()?;
    let mut file = folder.open_file(OsStr::new("lock")).ok()?;
    let holder = holder(&mut file);
    // A deploy that was killed leaves its words, and not the lock.
    let is_held = holder.pid != 0 && matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    is_held.then_some(holder)
}

fn holder(file: &mut File) -> Holder {
    let mut text = String::new();
    let _ = file.rewind().and_then(|()| file.take(4096).read_to_string(&mut text));
    serde_json::from_str(&text).unwrap_or_default()
}

/// The state folder of `host`, made where it is missing, which its owner alone can enter.
pub(crate) fn private(host: &Host) -> Result<Folder, WriteError> {
    let path = host.state_folder();
    let above = path.parent().unwrap_or(Path::new("/"));
    // That of another unit than Caddy's own lies in a folder which is private as well.
    if above == host.all_states() {
        write::make_folders(above.parent().unwrap_or(Path::new("/"))).map(drop)?;
        make_private(above)?;
    } else {
        write::make_folders(above).map(drop)?;
    }
    make_private(&path)
}

/// Makes the folder `path` where it is missing, and takes away what others could do in it.
pub(crate) fn make_private(path: &Path) -> Result<Folder, WriteError> {
    let (parent, name) = at(Folder::of(path), "create", path)?;
    let folder = match parent.make(name) {
        Ok(made) => {
            at(parent.sync(), "sync", parent.path())?;
            made
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => at(parent.folder(name), "open", path)?,
        Err(error) => at(Err(error), "create", path)?,
    };
    let found = at(folder.metadata(), "look at", path)?;
    if !is_trusted(found.st_uid) {
        let words =
            format!("it belongs to user {}, who could change what a deploy keeps there", found.st_uid);
        at(Err(Foreign(words).into()), "use", path)?;
    }
    if found.st_mode & 0o777 != 0o700 {
        at(folder.share(0o700, None), "change the mode of", path)?;
    }
    Ok(folder)
}

/// This moment in UTC, to the second.
pub(crate) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_second_deploy_learns_who() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let never = Cancel::default();
        let first = Lock::take(&host, "ann", Duration::ZERO, &never).unwrap();
        let reported = std::cell::RefCell::new(Vec::new());
        let report = |holder: &Holder| reported.borrow_mut().push(holder.who.clone());
        let second =
            Lock::take_reporting(&host, "ben", Duration::from_millis(120), &never, &report).unwrap_err();
        assert_eq!(*reported.borrow(), ["ann"]);
        let text = second.to_string();
        assert!(
            text.starts_with(&format!(
                "another deploy is running: process {} of ann since 2",
                std::process::id()
            )),
            "{text}"
        );
        assert_eq!(held_by(&host).map(|holder| holder.who).as_deref(), Some("ann"));
        drop(first);
        assert_eq!(held_by(&host), None);
        let _third = Lock::take(&host, "ben", Duration::ZERO, &never).unwrap();
        assert_eq!(fs::metadata(host.state_folder()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
