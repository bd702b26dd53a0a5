//! Programs of this machine, by their names.

/// Where programs are when the environment does not say.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The value of `PATH`.
pub fn path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_else(|| PATH.into())
}

/// The program `name` in a folder of `PATH`. Relative folders do not count: a checkout may have a program of this name.
#[cfg(feature = "deploy")]
pub fn find(name: &str) -> Option<std::path::PathBuf> {
    let path = path();
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The program that speaks to systemd.
#[cfg(feature = "deploy")]
pub fn systemctl() -> std::path::PathBuf {
    find("systemctl").unwrap_or_else(|| "/usr/bin/systemctl".into())
}
