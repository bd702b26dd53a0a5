//! What a run looked at, so that `--watch` knows when to look again.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use caddyctl_analysis::check::Facts;
use caddyctl_analysis::requests;
use caddyctl_language::source::{self, Loader};

/// The files and folders of a run, each as it was just before it was read.
#[derive(Default)]
pub struct Seen(Mutex<BTreeMap<PathBuf, State>>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// A file's last change and length; `None` when it could not be found.
    File(Option<(SystemTime, u64)>),
    /// The names in a folder.
    Folder(BTreeSet<OsString>),
}

impl State {
    fn of_file(path: &Path) -> Self {
        let found = path.metadata().ok();
        Self::File(found.and_then(|found| Some((found.modified().ok()?, found.len()))))
    }

    fn of_folder(path: &Path) -> Self {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        Self::Folder(entries.map(|entry| entry.file_name()).collect())
    }

    fn is_still_so(&self, path: &Path) -> bool {
        match self {
            Self::File(_) => *self == Self::of_file(path),
            Self::Folder(_) => *self == Self::of_folder(path),
        }
    }
}

impl Seen {
    /// The file `path` is about to be read.
    pub fn file(&self, path: &Path) {
        self.note(path, State::of_file);
    }

    /// The folder `path` is about to be listed.
    pub fn folder(&self, path: &Path) {
        self.note(path, State::of_folder);
    }

    fn note(&self, path: &Path, state: fn(&Path) -> State) {
        let mut all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !all.contains_key(path) {
            all.insert(path.to_owned(), state(path));
        }
    }

    /// The first of them that is no longer as it was.
    pub fn changed(&self) -> Option<PathBuf> {
        let all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.iter().find(|(path, state)| !state.is_still_so(path)).map(|(path, _)| path.clone())
    }

    /// How many files it has.
    pub fn count(&self) -> usize {
        let all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.values().filter(|state| matches!(state, State::File(Some(_)))).count()
    }

    /// The folders in which a change can be noticed: of what is not there, the nearest that is; of a link, also the one
    /// that it leads to.
    pub fn folders(&self) -> BTreeSet<PathBuf> {
        let all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut folders = BTreeSet::new();
        for (path, state) in all.iter() {
            let skip = usize::from(matches!(state, State::File(_)));
            let target = path.canonicalize().ok();
            for path in std::iter::once(path).chain(&target) {
                let mut above = path.ancestors().skip(skip);
                folders.extend(above.find(|folder| folder.is_dir()).map(Path::to_owned));
            }
        }
        folders
    }
}

/// The disk, with a note of all that is asked of it.
pub struct Reading<'a> {
    pub disk: caddyctl_host::Disk,
    pub seen: &'a Seen,
}

impl Loader for Reading<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.seen.file(path);
        self.disk.read(path)
    }

    fn list(&self, path: &Path) -> Vec<String> {
        self.seen.folder(path);
        self.disk.list(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.seen.file(path);
        self.disk.exists(path)
    }

    fn base(&self) -> &Path {
        self.disk.base()
    }

    fn limits(&self) -> source::Limits {
        self.disk.limits()
    }
}

/// The facts of this machine, with a note of the files that they come from.
pub struct Looking<'a> {
    pub facts: caddyctl_host::Machine,
    pub root: &'a Path,
    pub seen: &'a Seen,
}

impl Facts for Looking<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.seen.file(&self.root.join(path));
        self.facts.read(path)
    }

    fn files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.seen.folder(&self.root.join(folder));
        self.facts.files(folder)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.facts.variable(name)
    }

    fn can_append(&self, path: &Path) -> io::Result<()> {
        self.facts.can_append(path)
    }

    fn data_folder(&self) -> PathBuf {
        self.facts.data_folder()
    }

    fn answers(&self, address: &str) -> Option<bool> {
        self.facts.answers(address)
    }

    fn listener(&self, network: &str, port: u16) -> Option<String> {
        self.facts.listener(network, port)
    }

    fn has_module(&self, id: &str) -> Option<bool> {
        self.facts.has_module(id)
    }

    fn now(&self) -> SystemTime {
        self.facts.now()
    }
}

impl requests::Facts for Looking<'_> {
    fn look(&self, path: &str) -> Result<requests::Entry, requests::Missing> {
        self.seen.file(&self.root.join(path));
        self.facts.look(path)
    }

    fn read(&self, path: &str, most: u64) -> Option<Vec<u8>> {
        self.seen.file(&self.root.join(path));
        requests::Facts::read(&self.facts, path, most)
    }

    fn names(&self, folder: &str) -> Option<Vec<String>> {
        self.seen.folder(&self.root.join(folder));
        self.facts.names(folder)
    }

    fn variable(&self, name: &str) -> Option<String> {
        requests::Facts::variable(&self.facts, name)
    }

    fn working_directory(&self) -> String {
        self.facts.working_directory()
    }

    fn real_path(&self, path: &str) -> Option<String> {
        self.facts.real_path(path)
    }

    fn host_name(&self) -> Option<String> {
        self.facts.host_name()
    }

    fn media_type(&self, extension: &str) -> Option<String> {
        self.facts.media_type(extension)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let (file, missing) = (folder.path().join("a"), folder.path().join("sub/b"));
        std::fs::write(&file, "1").unwrap();
        let look = || {
            let seen = Seen::default();
            seen.file(&file);
            seen.file(&missing);
            seen.folder(folder.path());
            seen
        };
        let seen = look();
        assert_eq!(seen.changed(), None);
        assert_eq!(seen.folders(), BTreeSet::from([folder.path().to_owned()]));
        std::fs::write(&file, "22").unwrap();
        assert_eq!(seen.changed(), Some(file.clone()));
        let seen = look();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::fs::write(&missing, "").unwrap();
        assert_eq!(seen.changed().as_deref(), Some(folder.path()));
        assert_eq!(seen.count(), 1);
    }
}
