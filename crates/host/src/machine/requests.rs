//! What the model of requests asks of this machine. Files are looked at; only the contents of regular files are read.

use std::io::ErrorKind;
use std::path::Path;
use std::time::UNIX_EPOCH;

use caddyctl_analysis::requests::{Entry, Facts, Missing};

use super::Machine;
use crate::regular;

/// The most names of a folder that are listed.
const MOST: usize = 100_000;

/// Tables of media types, in the order in which Go reads them: it takes the first of each kind that exists.
const GLOBS: [&str; 2] = ["/usr/local/share/mime/globs2", "/usr/share/mime/globs2"];
const TYPES: [&str; 4] =
    ["/etc/mime.types", "/etc/apache2/mime.types", "/etc/apache/mime.types", "/etc/httpd/conf/mime.types"];

/// The largest of them (bytes).
const LARGEST: u64 = 16 << 20;

impl Facts for Machine {
    fn look(&self, path: &str) -> Result<Entry, Missing> {
        let found = self.base.join(path).metadata().map_err(|error| match error.kind() {
            ErrorKind::NotFound => Missing::NotFound,
            ErrorKind::NotADirectory => Missing::BelowFile,
            ErrorKind::PermissionDenied => Missing::Denied,
            _ => Missing::Invalid,
        })?;
        let modified = found.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i128::try_from(since.as_nanos()).unwrap_or(0),
            Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(0),
        });
        Ok(Entry { is_folder: found.is_dir(), size: found.len(), modified })
    }

    fn read(&self, path: &str, most: u64) -> Option<Vec<u8>> {
        regular::read(&self.base.join(path), most).ok()
    }

    fn names(&self, folder: &str) -> Option<Vec<String>> {
        let entries = std::fs::read_dir(self.base.join(folder)).ok()?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.take(MOST).collect();
        names.sort();
        Some(names)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).map(str::to_owned)
    }

    fn working_directory(&self) -> String {
        self.base.to_string_lossy().into_owned()
    }

    fn real_path(&self, path: &str) -> Option<String> {
        Some(std::fs::canonicalize(self.base.join(path)).ok()?.to_string_lossy().into_owned())
    }

    fn host_name(&self) -> Option<String> {
        let name = regular::read(Path::new("/etc/hostname"), LARGEST).ok()?;
        Some(String::from_utf8_lossy(&name).trim().to_owned())
    }

    fn media_type(&self, extension: &str) -> Option<String> {
        for path in GLOBS {
            if let Ok(table) = regular::read_text(Path::new(path), LARGEST) {
                return table.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
                    let mut fields = line.split(':').skip(1);
                    let (kind, glob) = (fields.next()?, fields.next()?);
                    (glob.strip_prefix('*') == Some(extension)).then(|| kind.to_owned())
                });
            }
        }
        for path in TYPES {
            if let Ok(table) = regular::read_text(Path::new(path), LARGEST) {
                let bare = extension.strip_prefix('.')?;
                let lines = table.lines().filter(|line| !line.starts_with('#'));
                let mut found = lines.filter_map(|line| {
                    let mut words = line.split_whitespace().take_while(|word| !word.starts_with('#'));
                    let kind = words.next()?;
                    words.any(|word| word == bare).then(|| kind.to_owned())
                });
                return found.next_back();
            }
        }
        None
    }
}
