//! `--caddy`: what a build of Caddy has, and what it makes of a file.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use caddyctl_deploy::compiler::modules;
use caddyctl_deploy::process::run::{RunError, run, run_here};
use caddyctl_language::Version;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::plugins;
use caddyctl_language::source::{Env, secrets, shown};

use crate::cli::fault::Fault;

/// How long `list-modules` may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long `adapt` may take.
const ADAPT_PATIENCE: Duration = Duration::from_mins(1);

/// What help shows of it.
pub const EXAMPLE: &str = "  caddyctl validate --caddy /usr/bin/caddy\n";

/// The argument that names a Caddy.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct OfBuild {
    /// Run this Caddy program to list its modules, and accept its plugins. Blocks of plugins that caddyctl does not know
    /// are not checked.
    #[arg(long, value_name = "PROGRAM")]
    caddy: Option<PathBuf>,
    /// What it has, once it was asked.
    #[arg(skip)]
    asked: OnceCell<Rc<Build>>,
}

impl OfBuild {
    /// This program.
    pub fn of(program: PathBuf) -> Self {
        Self { caddy: Some(program), asked: OnceCell::new() }
    }

    /// Whether a program is named.
    pub fn is_named(&self) -> bool {
        self.caddy.is_some()
    }

    /// Asks the Caddy, when one is named; once.
    pub fn ask(&self) -> anyhow::Result<Option<Rc<Build>>> {
        let Some(program) = &self.caddy else { return Ok(None) };
        if let Some(build) = self.asked.get() {
            return Ok(Some(Rc::clone(build)));
        }
        let build = Rc::new(Build::ask(program)?);
        Ok(Some(Rc::clone(self.asked.get_or_init(|| build))))
    }
}

/// A Caddy, and the modules that it was built with.
#[derive(Debug)]
pub struct Build {
    program: PathBuf,
    has: plugins::Build,
    /// Its version, once it was asked.
    version: OnceCell<Option<String>>,
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
        let has = plugins::Build { program: shown::path(program), modules };
        Ok(Self { program: program.to_owned(), has, version: OnceCell::new() })
    }

    /// What it has.
    pub fn has(&self) -> &plugins::Build {
        &self.has
    }

    /// Its version, such as `2.10.2`, where it says one. It is asked once.
    pub fn version(&self) -> Option<&str> {
        let ask = || {
            let text = run(&self.program, &["version"], PATIENCE).ok()?;
            let version = text.split_whitespace().next()?;
            let version = version.strip_prefix('v').unwrap_or(version);
            version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
        };
        self.version.get_or_init(ask).as_deref()
    }

    /// That a version which is not known is read as `version`.
    pub fn unknown_version(&self, version: Version) -> Option<String> {
        let own = self.version().filter(|own| Version::known(own).is_err())?;
        let (program, own) = (&self.has.program, shown::line(own));
        Some(format!(
            "{program} is Caddy {own}, a version that caddyctl does not know; files are read as Caddy {version} reads them"
        ))
    }

    /// Whether it has more than the stock build.
    pub fn has_plugins(&self) -> bool {
        self.has.has_plugins()
    }

    /// The modules that it has.
    pub fn modules(&self) -> std::collections::BTreeSet<String> {
        self.has.modules.keys().cloned().collect()
    }

    /// What errors about missing plugins say, where it does not have them either. Its words are known to it alone.
    pub fn judge(&self, found: &mut [Diagnostic]) {
        for fault in found {
            let Some(module) = fault.needs.filter(|_| fault.is_error()) else { continue };
            fault.helps.truncate(1);
            fault.helps.push(format!("{} has no module `{module}`", self.has.program));
        }
    }

    /// What the program makes of a Caddyfile: of the file `config` in the working directory, or of `text` where that is
    /// standard input.
    ///
    /// # Errors
    ///
    /// It cannot be run, or refuses the file.
    pub fn adapt(
        &self,
        config: &Path,
        text: Option<&[u8]>,
        env: &Env,
        is_pretty: bool,
    ) -> anyhow::Result<String> {
        let config = config.to_string_lossy();
        let mut arguments = vec!["adapt", "--config", &config, "--adapter", "caddyfile"];
        arguments.extend(is_pretty.then_some("--pretty"));
        run_here(&self.program, &arguments, text, env, ADAPT_PATIENCE).map_err(|error| match error {
            RunError::Failed { words, .. } if !words.is_empty() => {
                let last = words.lines().last().unwrap_or_default();
                let message = format!("{} refuses the file: {}", self.has.program, secrets::hide_line(last));
                Fault::input(message).into()
            }
            error => Fault::system(error.to_string()).into(),
        })
    }
}
