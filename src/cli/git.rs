//! Git as this process finds it.

use std::time::Duration;

use caddyctl_host::git::Git;

use super::program;

/// Git from `PATH`. Each of its runs may last `patience`.
pub fn git(patience: Duration) -> Git {
    Git::new(&program::path(), std::env::vars_os(), patience)
}
