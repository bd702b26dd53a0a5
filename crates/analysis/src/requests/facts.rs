//! What the model asks of the machine that a configuration is for.

/// A file or a folder, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed: nanoseconds since 1970.
    pub modified: i128,
}

/// Why there is no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No such file or folder.
    NotFound,
    /// A part of the path is a file.
    BelowFile,
    /// The permissions keep it back.
    Denied,
    /// The path is none, such as one that is too long.
    Invalid,
}

/// Files, the environment and the time. Implementations only look: they open nothing for writing and no socket. Relative paths
/// start at the working directory.
pub trait Facts {
    /// What is at `path`.
    fn look(&self, path: &str) -> Result<Entry, Missing>;

    /// The contents of the file at `path`, up to `most` bytes; `None` when it is larger or not readable.
    fn read(&self, path: &str, most: u64) -> Option<Vec<u8>>;

    /// The names in a folder, sorted; `None` when it is none.
    fn names(&self, folder: &str) -> Option<Vec<String>>;

    /// The environment variable `name`.
    fn variable(&self, name: &str) -> Option<String>;

    /// The folder that Caddy runs in.
    fn working_directory(&self) -> String;

    /// The path without symbolic links; `None` where it leads nowhere.
    fn real_path(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }

    /// The name of the machine.
    fn host_name(&self) -> Option<String> {
        None
    }

    /// The time that placeholders such as `time.now.unix` have: seconds since 1970. `None` leaves them open.
    fn now(&self) -> Option<i64> {
        None
    }

    /// The media type that the machine knows for an extension, such as `.php`, beside those that Go has built in.
    fn media_type(&self, extension: &str) -> Option<String> {
        let _ = extension;
        None
    }
}

/// No machine: no file exists, and no variable is set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Facts for Nothing {
    fn look(&self, _: &str) -> Result<Entry, Missing> {
        Err(Missing::NotFound)
    }

    fn read(&self, _: &str, _: u64) -> Option<Vec<u8>> {
        None
    }

    fn names(&self, _: &str) -> Option<Vec<String>> {
        None
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn working_directory(&self) -> String {
        "/".to_owned()
    }
}
