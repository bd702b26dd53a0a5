//! Edits of the host that a deploy would replace.

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::PathBuf;

use caddyctl_language::source::shown;

use crate::cli::print;

/// Asks on a terminal whether edited files may be replaced; without one, the deploy says what to do.
pub(super) fn is_allowed(edited: &[PathBuf], diff: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(false);
    }
    print::stdout(shown::unified(diff))?;
    for path in edited {
        print::stderr(format!("{} was edited since the last deployment\n", shown::path(path)));
    }
    print::stderr("replace what was edited? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().lock().take(16).read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
