//! The facts of a file of checks in front of those of the machine.

use std::collections::BTreeMap;

use super::{Assumed, File};
use crate::requests::{Entry, Facts, Missing};

/// The facts of a machine with those that a file of checks assumes.
pub struct WithFacts<'a> {
    machine: &'a dyn Facts,
    time: Option<i64>,
    /// Absolute paths, without a slash at the end; `None` for a folder.
    files: BTreeMap<String, Option<&'a str>>,
    /// Paths at which nothing is.
    missing: Vec<String>,
}

impl<'a> WithFacts<'a> {
    /// The facts of `machine` after those of `assumed`.
    pub fn new(assumed: &'a Assumed, machine: &'a dyn Facts) -> Self {
        let (mut files, mut missing) = (BTreeMap::new(), Vec::new());
        for (path, file) in &assumed.files {
            let is_folder = path.ends_with('/');
            let path = absolute(machine, path);
            let contents = match file {
                File::Exists(false) => {
                    missing.push(path);
                    continue;
                }
                File::Exists(true) => "",
                File::Contents(text) => text,
            };
            let mut above = path.as_str();
            while let Some((folder, _)) = above.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) {
                files.entry(folder.to_owned()).or_insert(None);
                above = folder;
            }
            files.insert(path.clone(), Some(contents).filter(|_| !is_folder));
        }
        Self { machine, time: assumed.time, files, missing }
    }
}

fn absolute(machine: &dyn Facts, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{}/{path}", machine.working_directory())
    };
    crate::requests::clean(&whole).trim_end_matches('/').to_owned()
}

impl Facts for WithFacts<'_> {
    fn look(&self, path: &str) -> Result<Entry, Missing> {
        if self.files.is_empty() && self.missing.is_empty() {
            return self.machine.look(path);
        }
        let whole = absolute(self.machine, path);
        let modified = i128::from(self.time.unwrap_or(0)) * 1_000_000_000;
        match self.files.get(&whole) {
            Some(Some(text)) => Ok(Entry { is_folder: false, size: text.len() as u64, modified }),
            Some(None) => {
                Ok(self.machine.look(path).unwrap_or(Entry { is_folder: true, size: 4096, modified }))
            }
            None if self.missing.contains(&whole) => Err(Missing::NotFound),
            None => self.machine.look(path),
        }
    }

    fn read(&self, path: &str, most: u64) -> Option<Vec<u8>> {
        let whole = absolute(self.machine, path);
        match self.files.get(&whole) {
            Some(Some(text)) => Some(text.as_bytes().to_vec()).filter(|bytes| bytes.len() as u64 <= most),
            Some(None) => None,
            None if self.missing.contains(&whole) => None,
            None => self.machine.read(path, most),
        }
    }

    fn names(&self, folder: &str) -> Option<Vec<String>> {
        let whole = absolute(self.machine, folder);
        let prefix = format!("{whole}/");
        let of_machine = self.machine.names(folder);
        if of_machine.is_none() && !self.files.contains_key(&whole) {
            return None;
        }
        let mut names = of_machine.unwrap_or_default();
        names.retain(|name| !self.missing.contains(&format!("{prefix}{name}")));
        let assumed = self.files.keys().filter_map(|path| path.strip_prefix(&prefix));
        names.extend(assumed.filter(|name| !name.contains('/')).map(str::to_owned));
        names.sort();
        names.dedup();
        Some(names)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.machine.variable(name)
    }

    fn working_directory(&self) -> String {
        self.machine.working_directory()
    }

    fn real_path(&self, path: &str) -> Option<String> {
        self.machine.real_path(path)
    }

    fn host_name(&self) -> Option<String> {
        self.machine.host_name()
    }

    fn now(&self) -> Option<i64> {
        self.time.or_else(|| self.machine.now())
    }

    fn media_type(&self, extension: &str) -> Option<String> {
        self.machine.media_type(extension)
    }
}
