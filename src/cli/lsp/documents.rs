//! The files that are open in the editor, over those on the disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use caddyctl_host::Disk;
use caddyctl_language::source::{Limits, Loader};
use gen_lsp_types::{TextDocumentContentChangeEvent as Change, Uri};

use super::encoding::Encoding;

/// Open files by their absolute paths, and the disk for all others.
#[derive(Debug)]
pub struct Documents {
    disk: Disk,
    open: BTreeMap<PathBuf, String>,
    /// Folders outside of projects whose files may be quoted.
    pub allowed: Vec<PathBuf>,
    /// How the editor counts characters.
    pub encoding: Encoding,
}

impl Documents {
    /// None is open; all others are on `disk`.
    pub fn new(disk: Disk, encoding: Encoding, allowed: Vec<PathBuf>) -> Self {
        Self { disk, open: BTreeMap::new(), allowed, encoding }
    }

    /// A file was opened.
    pub fn open(&mut self, path: PathBuf, text: String) {
        self.open.insert(path, text);
    }

    /// A file was closed: the disk has the word again.
    pub fn close(&mut self, path: &Path) {
        self.open.remove(path);
    }

    /// A file was edited.
    pub fn change(&mut self, path: &Path, changes: Vec<Change>) {
        let Some(text) = self.open.get_mut(path) else { return };
        for change in changes {
            match change {
                Change::TextDocumentContentChangePartial(part) => {
                    text.replace_range(self.encoding.bytes(text, part.range), &part.text);
                }
                Change::TextDocumentContentChangeWholeDocument(whole) => *text = whole.text,
            }
        }
    }

    /// The text of an open file.
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.open.get(path).map(String::as_str)
    }

    /// The open files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.open.keys().map(PathBuf::as_path)
    }
}

impl Loader for Documents {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.open.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.disk.read(path),
        }
    }

    fn list(&self, path: &Path) -> Vec<String> {
        self.disk.list(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.open.contains_key(path) || self.disk.exists(path)
    }

    fn base(&self) -> &Path {
        self.disk.base()
    }

    fn limits(&self) -> Limits {
        self.disk.limits()
    }
}

/// The path of a file; `None` for what is no file.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    uri.to_file_path().ok()
}

/// How the editor knows a file.
pub fn uri_of(path: &Path) -> Option<Uri> {
    Uri::from_file_path(path).ok()
}
