//! What operating systems do differently: bytes of paths, owners, permissions, and who runs the process.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

/// How the name of a program ends.
pub(crate) const PROGRAM_END: &str = std::env::consts::EXE_SUFFIX;

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no numbers of users and groups")]
mod own {
    use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
    use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};

    use super::{Metadata, OsStr, Path, PathBuf, io};

    pub fn path(bytes: Vec<u8>) -> PathBuf {
        PathBuf::from(std::ffi::OsString::from_vec(bytes))
    }

    pub fn starts_with(name: &OsStr, start: &str) -> bool {
        name.as_bytes().starts_with(start.as_bytes())
    }

    pub fn user() -> Option<u32> {
        Some(rustix::process::geteuid().as_raw())
    }

    pub fn owner(found: &Metadata) -> Option<u32> {
        Some(found.uid())
    }

    pub fn group(found: &Metadata) -> Option<u32> {
        Some(found.gid())
    }

    pub fn mode(found: &Metadata) -> u32 {
        found.permissions().mode()
    }

    pub fn never_wait(options: &mut std::fs::OpenOptions) {
        // Rust's standard library adds O_CLOEXEC. O_NONBLOCK has no effect on a regular file.
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }

    pub fn can_write(path: &Path) -> io::Result<()> {
        Ok(rustix::fs::access(path, rustix::fs::Access::WRITE_OK)?)
    }
}

#[cfg(not(unix))]
mod own {
    use super::{Metadata, OsStr, Path, PathBuf, io};

    pub fn path(bytes: Vec<u8>) -> PathBuf {
        PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub fn starts_with(name: &OsStr, start: &str) -> bool {
        // Variables have names without regard to case there.
        let name = name.to_string_lossy();
        name.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    }

    pub fn user() -> Option<u32> {
        None
    }

    pub fn owner(_: &Metadata) -> Option<u32> {
        None
    }

    pub fn group(_: &Metadata) -> Option<u32> {
        None
    }

    pub fn mode(found: &Metadata) -> u32 {
        if found.permissions().readonly() { 0o555 } else { 0o777 }
    }

    pub fn never_wait(_: &mut std::fs::OpenOptions) {}

    pub fn can_write(path: &Path) -> io::Result<()> {
        let is_read_only = path.metadata()?.permissions().readonly();
        if is_read_only { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
    }
}

/// The path that a program printed.
pub(crate) fn path(bytes: Vec<u8>) -> PathBuf {
    own::path(bytes)
}

/// Whether the name of a variable starts with `start`.
pub(crate) fn starts_with(name: &OsStr, start: &str) -> bool {
    own::starts_with(name, start)
}

/// The number of the user who runs this process, where users have numbers.
pub(crate) fn user() -> Option<u32> {
    own::user()
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    user() == Some(0)
}

/// The number of the user whom the file belongs to, where users have numbers.
pub(crate) fn owner(found: &Metadata) -> Option<u32> {
    own::owner(found)
}

/// The number of the file's group, where groups have numbers.
pub(crate) fn group(found: &Metadata) -> Option<u32> {
    own::group(found)
}

/// The permissions of the file, as `chmod` has them.
pub(crate) fn mode(found: &Metadata) -> u32 {
    own::mode(found)
}

/// Lets opening and reading a file return at once, whatever it is.
pub(crate) fn never_wait(options: &mut std::fs::OpenOptions) {
    own::never_wait(options);
}

/// Whether this process may write to what is at `path`.
pub(crate) fn can_write(path: &Path) -> io::Result<()> {
    own::can_write(path)
}
