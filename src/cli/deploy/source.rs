//! What a deploy is made from: the Caddyfile, and the files next to it that need not be there.

use std::path::Path;

use caddyctl_deploy::place::compiled::CompileError;
use caddyctl_deploy::source::tree::{Tree, TreeError};
use caddyctl_deploy::systemd::drop_in::{DropIn, DropInError};
use caddyctl_deploy::verify::Checks;

use crate::cli::fault::Fault;

/// Where the source may keep its drop-in.
pub(super) const DROP_IN_PATH: &str = "systemd/caddy.service.d/override.conf";

/// The checks of the served sites, next to the Caddyfile.
pub(super) const CHECKS: &str = "checks.toml";

/// The most bytes of either.
const LARGEST: usize = 256 << 10;

/// Where a deployment comes from.
pub struct Source<'s> {
    /// The Caddyfile, absolute.
    pub main: &'s Path,
    /// The Caddyfile as the user gave it, for faults; without it they name the path on the host.
    pub given: Option<&'s str>,
    /// The drop-in, when there is to be one.
    pub drop_in: Option<DropIn>,
    /// The git revision of the files.
    pub revision: Option<String>,
    /// The Caddyfile, when it is a file of this machine; for `status`.
    pub on_disk: Option<&'s Path>,
    /// What the served sites are asked.
    pub checks: Option<Checks>,
    /// Whether these are files of an earlier deployment: those that they replace are kept, and were meant.
    pub is_rollback: bool,
    /// The options with which a later run finds the same place.
    pub again: &'s [String],
}

/// A file of the source that need not be there.
pub(super) fn optional(tree: &Tree, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let path = tree.folder.join(name);
    if !tree.loader.exists(&path) {
        return Ok(None);
    }
    let bytes = tree.loader.read(&path).map_err(|error| unread(tree, Path::new(name), &error))?;
    if bytes.len() > LARGEST {
        let message = format!("{name} is larger than {} KiB", LARGEST >> 10);
        return Err(Fault::input(message).help("nothing was changed").into());
    }
    Ok(Some(bytes))
}

/// A source that cannot be read, with what to do.
pub(super) fn unreadable(error: TreeError) -> Fault {
    match error {
        TreeError::Unreadable { path, source } => Fault::unreadable(&path, &source),
        TreeError::Archive { .. } => Fault::input(error.to_string())
            .help("nothing was changed; --from takes a folder, a whole .tar.gz or a whole .tar"),
    }
}

/// Why a file of a source is not read.
pub(super) fn unread(tree: &Tree, path: &Path, error: &std::io::Error) -> Fault {
    match tree.loader.refused() {
        Some(reason) => CompileError::Refused(reason).into(),
        None => Fault::unreadable(path, error),
    }
}

impl From<CompileError> for Fault {
    fn from(error: CompileError) -> Self {
        let message = error.to_string();
        let fault = if error.is_input() { Self::input(message) } else { Self::system(message) };
        fault.with_help(error.help())
    }
}

impl From<DropInError> for Fault {
    fn from(error: DropInError) -> Self {
        Self::input(error.to_string()).help(error.help())
    }
}

/// The checks of a `checks.toml`.
pub(super) fn parse_checks(text: &[u8]) -> anyhow::Result<Checks> {
    let parsed = caddyctl_deploy::verify::parse(&String::from_utf8_lossy(text));
    Ok(parsed.map_err(|error| Fault::input(format!("{CHECKS}: {error}")))?)
}
