//! `--allow-read`: whose content a report for programs may quote.

use std::path::PathBuf;

use caddyctl_analysis::routes::variables;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::discretion::{Audience, discreet};

/// Folders outside the project that may be quoted.
#[derive(Debug, Default, clap::Args)]
pub struct Reach {
    /// Allow reports for programs to quote files below this folder. By default they quote only files of the project:
    /// the git work tree of the Caddyfile, or without git its folder. May be given several times.
    #[arg(long, value_name = "DIR")]
    pub allow_read: Vec<PathBuf>,
}

/// Makes what was found in a compilation fit to be shown.
pub fn make_discreet(compilation: &mut Compilation, audience: Audience) {
    if compilation.diagnostics.is_empty() {
        return;
    }
    let variables = variables(&compilation.sources);
    discreet(&mut compilation.diagnostics, &compilation.sources, &variables, audience);
}
