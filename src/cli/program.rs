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

/// The same, outside of the folder `project`, which is without links. As root, only a program that belongs to root and that
/// nobody else can change, in folders of which the same is so.
#[cfg(feature = "deploy")]
pub fn find_outside(name: &str, project: &std::path::Path) -> Option<std::path::PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let path = path();
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    let programs = folders.filter_map(|folder| folder.join(name).canonicalize().ok());
    let mut programs = programs.filter(|program| program.is_file() && !program.starts_with(project));
    let is_roots = |path: &std::path::Path| {
        path.metadata().is_ok_and(|found| found.uid() == 0 && found.mode() & 0o002 == 0)
    };
    let is_root = rustix::process::geteuid().is_root();
    programs.find(|program| !is_root || program.ancestors().all(is_roots))
}

/// None: programs are not asked.
#[cfg(not(feature = "deploy"))]
pub fn find_outside(_: &str, _: &std::path::Path) -> Option<std::path::PathBuf> {
    None
}

/// The program that speaks to systemd.
#[cfg(feature = "deploy")]
pub fn systemctl() -> std::path::PathBuf {
    find("systemctl").unwrap_or_else(|| "/usr/bin/systemctl".into())
}
