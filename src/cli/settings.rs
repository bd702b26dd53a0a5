//! The `caddyctl.toml` of a project, which may come from anybody.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use caddyctl_analysis::settings::Settings;
use caddyctl_host::{regular, work_tree};
use caddyctl_language::source::shown;

use super::fault::{Fault, reason};

/// The name of the file.
pub const FILE: &str = "caddyctl.toml";

/// The largest file of settings (bytes).
const LARGEST: u64 = 1024 * 1024;

/// What to do when one cannot be used.
const ISOLATED: &str = "`--isolated` ignores the file";

/// What the file may have.
const KEYS: &str = "`caddyctl explain` lists the rules; [lint] has select, ignore, severity and per-path, [files] has include \
                    and exclude, [caddy] has version, plugins and definitions";

/// Settings, and where they were found.
pub struct Found {
    /// What the file sets.
    pub settings: Settings,
    /// The folder of the file, from which its paths start.
    pub folder: PathBuf,
}

/// The settings for the file `path`, which is absolute: the nearest `caddyctl.toml` in its folder or above it; `None` without any, or
/// where they are `isolated`. Each place that is looked at is passed to `note`.
pub fn nearest(path: &Path, isolated: bool, note: &mut dyn FnMut(&Path)) -> anyhow::Result<Option<Found>> {
    let place = without_parents(path);
    for folder in place.ancestors().skip(1).filter(|_| !isolated) {
        let file = folder.join(FILE);
        note(&file);
        let text = match read(folder, &file) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            // A folder above may well be closed; only the file's own must be readable.
            Err(error) if error.kind() == ErrorKind::PermissionDenied && Some(folder) != place.parent() => {
                continue;
            }
            Err(error) => {
                let message = format!("cannot read {}: {}", shown::path(&file), reason(&error));
                return Err(Fault::system(message).help(ISOLATED).into());
            }
        };
        let settings = parse(&file, &text).map_err(|fault| fault.help(format!("{KEYS}; {ISOLATED}")))?;
        return Ok(Some(Found { settings, folder: folder.to_owned() }));
    }
    Ok(None)
}

/// The path without `..`, so that its ancestors are the folders above it. `..` after a link leads out of the link's target, so
/// links are resolved too; a path without `..` stays as it is.
pub fn without_parents(path: &Path) -> Cow<'_, Path> {
    if !path.components().any(|part| part == Component::ParentDir) {
        return Cow::Borrowed(path);
    }
    let resolved = path.parent().zip(path.file_name()).and_then(|(folder, name)| {
        let folder = folder.canonicalize().ok()?;
        Some(folder.join(name))
    });
    resolved.map_or(Cow::Borrowed(path), Cow::Owned)
}

/// Reads the text of the settings `file`.
pub fn parse(file: &Path, text: &str) -> Result<Settings, Fault> {
    Settings::parse(text).map_err(|error| Fault::system(format!("{}: {error}", shown::path(file))).help(KEYS))
}

/// The text of the settings `file` in `folder`, or of a file that they name. It may be a link inside the git work tree, or else inside the folder: one
/// that leads further came with a checkout, and could lead anywhere.
pub fn read(folder: &Path, file: &Path) -> std::io::Result<String> {
    file.symlink_metadata()?;
    let (folder, real) = (folder.canonicalize()?, file.canonicalize()?);
    let project = work_tree::top_of(&folder).unwrap_or(folder);
    if !real.starts_with(&project) {
        return Err(std::io::Error::other(format!(
            "it is a link that leads out of {}",
            shown::path(&project)
        )));
    }
    regular::read_text(&real, LARGEST)
}
