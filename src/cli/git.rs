//! Git as this process finds it.

use std::time::Duration;

use caddyctl::source::git::Git;

/// Where programs are when the environment does not say.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Git from `PATH`. Each of its runs may last `patience`.
pub fn git(patience: Duration) -> Git {
    let path = std::env::var_os("PATH").unwrap_or_else(|| PATH.into());
    Git::new(&path, std::env::vars_os(), patience)
}
