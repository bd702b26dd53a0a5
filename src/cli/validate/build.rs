//! `--caddy`: what a build of Caddy says of its plugins.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use caddyctl_deploy::compiler::modules;
use caddyctl_language::diagnostics::{Diagnostic, Severity};
use caddyctl_language::source::shown;

use crate::cli::fault::Fault;

/// How long `list-modules` may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What help shows of it.
pub const EXAMPLE: &str = "  caddyctl validate --caddy /usr/bin/caddy\n";

/// The argument that names a Caddy.
#[derive(Debug, clap::Args)]
pub struct OfBuild {
    /// Accept the plugins of this Caddy program; their settings are not checked.
    #[arg(long, value_name = "PROGRAM")]
    caddy: Option<PathBuf>,
}

impl OfBuild {
    /// Asks the Caddy, when one is named.
    pub fn ask(&self) -> anyhow::Result<Option<Build>> {
        self.caddy.as_deref().map(Build::ask).transpose()
    }
}

/// A Caddy, and the modules that it was built with.
pub struct Build {
    program: PathBuf,
    /// As `caddy list-modules` prints them.
    modules: BTreeSet<String>,
}

impl Build {
    /// Asks `program`.
    fn ask(program: &Path) -> anyhow::Result<Self> {
        let modules = modules::of_program(program, PATIENCE).map_err(|error| {
            Fault::system(error.to_string())
                .help("pass a Caddy program with `--caddy`, such as /usr/bin/caddy")
        })?;
        if modules.is_empty() {
            return Err(Fault::system(format!("`{} list-modules` lists no modules", shown::path(program)))
                .help("pass a Caddy program with `--caddy`, such as /usr/bin/caddy")
                .into());
        }
        Ok(Self { program: program.to_owned(), modules })
    }

    /// The modules that it has.
    pub fn modules(&self) -> &BTreeSet<String> {
        &self.modules
    }

    /// Faults that only a plugin's absence makes become notes where this build has the plugin. Its words are known to it
    /// alone.
    pub fn judge(&self, found: &mut [Diagnostic]) {
        for fault in found {
            let Some(module) = fault.needs else { continue };
            let program = shown::path(&self.program);
            if self.modules.contains(module) {
                fault.severity = Severity::Note;
                fault.message =
                    format!("not checked here: the settings of the plugin `{module}` in {program}");
                fault.helps.clear();
            } else {
                fault.helps.truncate(1);
                fault.helps.push(format!("{program} has no module `{module}`"));
            }
        }
    }
}
