//! The bytes of files that the command line names, or of standard input for `-`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use caddyctl_host::{Disk, regular};
use caddyctl_language::source::Limits;

use super::fault::{Fault, reason};
use super::limits::Raise;

/// The file that is meant when none is named.
pub const DEFAULT: &str = "Caddyfile";

/// The path that means standard input.
pub const STDIN: &str = "-";

/// The most bytes of a configuration: the JSON of 100,000 sites has half as many.
const MOST: u64 = 256 * 1024 * 1024;

/// Reads a configuration from `path`, or from standard input when it is `-`.
pub fn read(path: &Path, raise: Raise) -> anyhow::Result<Vec<u8>> {
    let most = MOST.saturating_mul(raise.factor().into());
    if path != Path::new(STDIN) {
        return Ok(named(path, most).map_err(|error| {
            let fault = Fault::unreadable(path, &error);
            if error.kind() == io::ErrorKind::FileTooLarge { fault.help(Limits::HELP) } else { fault }
        })?);
    }
    let failed = |why: &str| Fault::system(format!("cannot read standard input: {why}"));
    let mut bytes = Vec::new();
    let read = io::stdin().take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| failed(&reason(&error)))?;
    if bytes.len() as u64 > most {
        return Err(failed(&format!("it is larger than {} MiB", most >> 20)).help(Limits::HELP).into());
    }
    Ok(bytes)
}

/// The bytes of a file that the command line names, at most `most` of them: a regular file, or one that this process has
/// open already, such as `/dev/stdin` and the `/dev/fd/63` of a shell's `<(command)`. Any other FIFO or device is an error
/// at once.
pub fn named(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if is_open_already(path) {
        return regular::read_from(File::open(path)?, most);
    }
    regular::read(path, most)
}

/// Such a file, to be read in parts.
pub fn open(path: &Path) -> io::Result<File> {
    if is_open_already(path) { File::open(path) } else { regular::open(path) }
}

/// The text of such a file.
pub fn named_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(named(path, most)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Whether `path` is written as one of this process's open files.
fn is_open_already(path: &Path) -> bool {
    let parts: Option<Vec<&str>> = path
        .components()
        .filter(|part| *part != Component::RootDir)
        .map(|part| part.as_os_str().to_str())
        .collect();
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    path.is_absolute()
        && match parts.as_deref() {
            Some(["dev", "stdin"]) => true,
            Some(["dev", "fd", number] | ["proc", "self" | "thread-self", "fd", number]) => is_number(number),
            _ => false,
        }
}

/// The disk as seen from the working directory.
pub fn disk(raise: Raise) -> anyhow::Result<Disk> {
    Ok(Disk::new(working_directory()?).with_limits(raise.limits()))
}

/// The working directory.
pub fn working_directory() -> anyhow::Result<PathBuf> {
    let found = std::env::current_dir();
    Ok(found
        .map_err(|error| Fault::system(format!("cannot get the working directory: {}", reason(&error))))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_are_open_already_may_be_special() {
        for path in ["/dev/stdin", "/dev/fd/63", "/proc/self/fd/0"] {
            assert!(is_open_already(Path::new(path)), "{path}");
        }
        for path in ["dev/stdin", "/dev/zero", "/dev/fd/../zero", "/dev/fd/x", "/proc/1/fd/0", "/dev/fd", "/"]
        {
            assert!(!is_open_already(Path::new(path)), "{path}");
        }
        assert!(named(Path::new("/dev/zero"), 4).is_err());
    }
}
