//! The bytes of a Caddyfile: from a path, or from standard input for `-`.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use caddyctl::source::Disk;

use super::fault::{Fault, reason};

/// The file that is meant when none is named.
pub const DEFAULT: &str = "Caddyfile";

/// The path that means standard input.
pub const STDIN: &str = "-";

/// Reads `path`, or standard input when it is `-`.
pub fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new(STDIN) {
        let mut bytes = Vec::new();
        io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| Fault::world(format!("cannot read standard input: {}", reason(&error))))?;
        return Ok(bytes);
    }
    Ok(std::fs::read(path).map_err(|error| Fault::unreadable(path, &error))?)
}

/// The disk as seen from the working directory.
pub fn disk() -> anyhow::Result<Disk> {
    Ok(Disk::new(working_directory()?))
}

/// The working directory.
pub fn working_directory() -> anyhow::Result<PathBuf> {
    let found = std::env::current_dir();
    Ok(found
        .map_err(|error| Fault::world(format!("cannot tell the working directory: {}", reason(&error))))?)
}
