//! Replacing a file's text: a crash leaves the old text or the new one, and all else of the file stays as far as the system
//! lets a program do so.

use std::io;
use std::path::Path;

use caddyctl_language::source::shown;

use crate::cli::fault::Fault;

#[cfg(any(not(target_os = "linux"), test))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere as own;
#[cfg(target_os = "linux")]
use linux as own;

/// Replaces the text `old` of the file `path`; a link stays a link. With `root`, only a file in that folder is written,
/// whatever links lead to.
///
/// # Errors
///
/// The file lies outside of `root`, has another text than `old` by now, or may not be written.
pub fn overwrite(path: &Path, root: Option<&Path>, old: &[u8], new: &[u8]) -> anyhow::Result<()> {
    let unwritable = |error: io::Error| Fault::unwritable(path, &error);
    let real = path.canonicalize().map_err(unwritable)?;
    if let Some(root) = root
        && !real.starts_with(root.canonicalize().map_err(unwritable)?)
    {
        let message = format!("{} is not written: it leads out of {}", shown::path(path), shown::path(root));
        return Err(Fault::system(message).help("to write it, name the file that it leads to").into());
    }
    match own::replace(&real, old, new).map_err(unwritable)? {
        Outcome::Written => Ok(()),
        Outcome::Changed => {
            let message = format!("{} is not written: it changed in the meantime", shown::path(path));
            Err(Fault::system(message).help("run the command again").into())
        }
        Outcome::Busy => {
            let message = format!("{} is not written: another caddyctl is writing it", shown::path(path));
            Err(Fault::system(message).help("run the command again when the other one has finished").into())
        }
    }
}

/// How an attempt ended.
enum Outcome {
    Written,
    Changed,
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux has a lock for it"))]
    Busy,
}
