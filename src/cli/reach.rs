//! `--allow-read`: whose content a report for programs may quote.

use std::path::{Path, PathBuf};

use caddyctl_analysis::routes::variables;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::discretion::{Audience, discreet};

/// Folders outside the project that may be quoted.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Reach {
    /// Show lines of files below this folder in editors and in every --format except the default. Without it, these show
    /// only lines of the project: files in the git work tree of the Caddyfile, or in its folder if it is not in a work
    /// tree. May be given several times.
    #[arg(long, value_name = "DIR")]
    pub allow_read: Vec<PathBuf>,
    #[command(flatten)]
    pub maps: Maps,
}

/// `--map`: where the absolute paths of imports lead.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Maps {
    /// If an import names a file below the absolute path FROM, read it from the folder TO instead, such as
    /// /etc/caddy=./caddy in a repository with the files of a server. May be given several times.
    #[arg(long = "map", value_name = "FROM=TO", value_parser = map)]
    pub all: Vec<(PathBuf, PathBuf)>,
}

/// The folders of `FROM=TO`.
fn map(text: &str) -> Result<(PathBuf, PathBuf), &'static str> {
    match text.split_once('=') {
        Some((from, to)) if Path::new(from).is_absolute() && !to.is_empty() => Ok((from.into(), to.into())),
        _ => Err("expected an absolute path, `=` and a folder, such as /etc/caddy=./caddy"),
    }
}

/// Makes what was found in a compilation fit to be shown.
pub fn make_discreet(compilation: &mut Compilation, audience: Audience) {
    if compilation.diagnostics.is_empty() {
        return;
    }
    let variables = variables(&compilation.sources);
    discreet(&mut compilation.diagnostics, &compilation.sources, &variables, audience);
}
