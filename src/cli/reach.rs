//! `--allow-read`: whose content a report for programs may quote.

use std::path::PathBuf;

use caddyctl_analysis::routes::variables;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::discretion::{Audience, discreet};

/// Folders outside the project that may be quoted.
#[derive(Debug, Default, clap::Args)]
pub struct Reach {
    /// Also quote files below this folder in reports for programs, which quote nothing from outside the project: the
    /// git work tree that the Caddyfile lies in, or else its folder. May be given several times.
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
