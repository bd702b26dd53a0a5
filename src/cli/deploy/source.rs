//! What a deploy is made from: the Caddyfile, and the files next to it that need not be there.

use std::path::{Path, PathBuf};

use caddyctl_deploy::artifact::{Artifact, DeployFile, Role};
use caddyctl_deploy::place::compiled::CompileError;
use caddyctl_deploy::source::overlay::Overlay;
use caddyctl_deploy::source::revision;
use caddyctl_deploy::source::tree::{Tree, TreeError};
use caddyctl_deploy::state::history::{self, Extras};
use caddyctl_deploy::systemd::drop_in::{DropIn, DropInError};
use caddyctl_deploy::verify::Checks;
use caddyctl_language::Version;

use super::GIT_PATIENCE;
use crate::cli::fault::Fault;
use crate::cli::{git, settings};

/// Where the source may keep its drop-in.
pub(super) const DROP_IN_PATH: &str = "systemd/caddy.service.d/override.conf";

/// The checks of the served sites, next to the Caddyfile.
pub(super) const CHECKS: &str = history::CHECKS;

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
    /// Who wrote that revision, where the source says so.
    pub author: Option<String>,
    /// The Caddyfile, when it is a file of this machine; for `status`.
    pub on_disk: Option<&'s Path>,
    /// What the served sites are asked.
    pub checks: Option<KeptChecks>,
    /// What is kept with the deployment where these are files of an earlier one.
    pub extras: Extras,
    /// Symbolic links that come in the place of files, and where they lead.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// The configuration (JSON) that ran with these files, where that is not what they compile to.
    pub ran: Option<Vec<u8>>,
    /// Whether these are files of an earlier deployment: those that they replace are kept, and were meant.
    pub is_rollback: bool,
    /// The options with which a later run finds the same place.
    pub again: &'s [String],
}

impl Source<'_> {
    /// Whether a deployed file is not as the git revision of the source has it.
    pub(super) fn is_modified<'s>(&'s self, artifact: &'s Artifact, overlay: &Overlay<'_>) -> bool {
        let Some(folder) = self.on_disk.filter(|_| self.revision.is_some()).and_then(Path::parent) else {
            return false;
        };
        let of_source = |file: &'s DeployFile| -> Option<(PathBuf, &'s [u8])> {
            let DeployFile { path, bytes: Some(bytes), role: Role::Caddyfile | Role::Import } = file else {
                return None;
            };
            Some((overlay.source_of(path)?, bytes.as_slice()))
        };
        let mut files: Vec<_> = artifact.files.iter().filter_map(of_source).collect();
        files.extend(self.checks.as_ref().map(|kept| (folder.join(CHECKS), kept.text.as_slice())));
        revision::is_modified(folder, &files, &git::git(GIT_PATIENCE)).unwrap_or(false)
    }
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

/// The version that the settings in an archive name, and their file.
pub(super) fn version(tree: &Tree) -> anyhow::Result<Option<(Version, PathBuf)>> {
    let file = PathBuf::from(settings::FILE);
    let Some(text) = optional(tree, settings::FILE)? else { return Ok(None) };
    let settings = settings::parse(&file, &String::from_utf8_lossy(&text))?;
    Ok(settings.caddy.version.map(|version| (version, file)))
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

/// The checks of a `checks.toml`, which are kept with the deployment.
pub struct KeptChecks {
    /// The checks.
    pub checks: Checks,
    /// Their text.
    pub text: Vec<u8>,
}

impl KeptChecks {
    /// Reads the text.
    pub(super) fn parse(text: Vec<u8>) -> anyhow::Result<Self> {
        let checks = caddyctl_deploy::verify::parse(&String::from_utf8_lossy(&text))
            .map_err(|error| Fault::input(format!("{CHECKS}: {error}")))?;
        Ok(Self { checks, text })
    }
}
