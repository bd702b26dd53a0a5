//! Which Caddy a file is for: `--with`, `--for`, `--caddy`, and the table `[caddy]` of caddyctl.toml.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::lower::Registry;
use caddyctl_language::plugins::{self, Chosen, Refusal, Request};
use caddyctl_language::source::shown;
use caddyctl_language::{Version, directives};

use super::environment::OfService;
use super::fault::{Fault, reason};
use super::{print, settings};

// What asks a Caddy has a twin for programs that do not.
#[cfg_attr(not(feature = "deploy"), path = "with/without_build.rs")]
mod build;

pub use build::{Build, EXAMPLE, OfBuild};

/// The plugins, for the commands that compile.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Plugins {
    #[command(flatten)]
    pub packages: Packages,
    #[command(flatten)]
    pub caddy: For,
    #[command(flatten)]
    pub build: OfBuild,
    /// The version of the service that is named.
    #[arg(skip)]
    of_service: Option<Version>,
}

/// The plugins alone, for the commands that compare versions or ask the Caddy of a host.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Packages {
    /// Also accept the directives and options of this plugin. PACKAGE is written as for `xcaddy build --with`. May be
    /// given several times. For a project, list plugins in the table `[caddy]` of caddyctl.toml.
    #[arg(long, value_name = "PACKAGE[@VERSION]")]
    pub with: Vec<String>,
}

/// The version of Caddy, for the commands that read a Caddyfile.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct For {
    /// Read the Caddyfile as this version of Caddy does. Without it, `version` in the table `[caddy]` of caddyctl.toml counts,
    /// or else 2.11.9.
    #[arg(long = "for", value_name = "VERSION", value_parser = Version::known)]
    version: Option<Version>,
}

impl For {
    /// The version that the flag names.
    pub fn named(self) -> Option<Version> {
        self.version
    }

    /// This version, if there is one.
    pub fn version(version: Option<Version>) -> Self {
        Self { version }
    }
}

/// The plugins that the command line and the settings name.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The packages.
    pub requests: Vec<Request>,
    /// Definition files, each with its name for messages.
    pub own: Vec<(String, String)>,
    /// The version of the settings, and the file that names it.
    pub version: Option<(Version, PathBuf)>,
    /// The settings that name some.
    pub settings: Option<PathBuf>,
}

/// The words that are known for a file, and where they come from.
pub struct Known {
    /// The words.
    pub registry: Arc<Registry>,
    /// The settings that add words, if some do.
    pub settings: Option<PathBuf>,
    /// What a user should know of the definitions, each in a sentence.
    pub warnings: Vec<String>,
    /// The Caddy that `--caddy` names.
    pub build: Option<Rc<Build>>,
}

impl Known {
    /// The words of the stock build.
    pub fn stock(version: Version) -> Self {
        Self { registry: directives::stock_of(version), settings: None, warnings: Vec::new(), build: None }
    }

    /// Prints what a user should know, each once.
    pub fn warn(&self) {
        for warning in &self.warnings {
            print::stderr(format!("warning: {warning}\n"));
        }
    }

    /// Adds to the errors about plugins that the Caddy of `--caddy` does not have them either.
    pub fn judge(&self, found: &mut [Diagnostic]) {
        if let Some(build) = &self.build {
            build.judge(found);
        }
    }
}

impl Plugins {
    /// These plugins, read by this version, if there is one.
    pub fn of(packages: Packages, caddy: For) -> Self {
        Self { packages, caddy, ..Self::default() }
    }

    /// The same plugins with those of a Caddy.
    #[must_use]
    pub fn with_build(&self, build: OfBuild) -> Self {
        Self { build, ..self.clone() }
    }

    /// The same plugins, read by this version.
    pub fn at(&self, version: Version) -> Self {
        Self { caddy: For::version(Some(version)), ..self.clone() }
    }

    /// The same plugins for the Caddy of a service, whose version counts unless `--for` or the settings name another one.
    #[must_use]
    pub fn for_service(&self, service: &OfService) -> Self {
        Self { of_service: service.version(), ..self.clone() }
    }

    /// The version that the command line or the settings of `path`, which is absolute, name: `--for`, or else the settings, or
    /// else the service, or else the program of `--caddy`.
    pub fn named(&self, path: &Path, isolated: bool) -> anyhow::Result<Option<Version>> {
        if let Some(version) = self.caddy.version {
            return Ok(Some(version));
        }
        let found = settings::nearest(path, isolated, &mut |_| ())?;
        match found.and_then(|found| found.settings.caddy.version) {
            Some(version) => Ok(Some(version)),
            None => self.of_program(),
        }
    }

    /// The version of the programs that are named.
    fn of_program(&self) -> anyhow::Result<Option<Version>> {
        if self.of_service.is_some() {
            return Ok(self.of_service);
        }
        Ok(self.build.ask()?.and_then(|build| Version::known(build.version()?).ok()))
    }

    /// The words for the Caddyfile `path`, which is absolute. The settings count unless they are `isolated`; each place that
    /// is looked at is passed to `note`.
    pub fn known(&self, path: &Path, isolated: bool, note: &mut dyn FnMut(&Path)) -> anyhow::Result<Known> {
        let build = self.build.ask()?;
        let wanted = self.packages.wanted(Some(path), isolated, note)?;
        let named = wanted.version.as_ref().map(|(version, _)| *version);
        let version = match self.caddy.version.or(named) {
            Some(version) => version,
            None => self.of_program()?.unwrap_or_default(),
        };
        let unknown = build.as_ref().and_then(|build| build.unknown_version(version));
        let mut known = wanted.known(version, build)?;
        known.warnings.extend(unknown);
        Ok(known)
    }
}

impl Packages {
    /// What is named for the Caddyfile `path`, which is absolute; without one, by the command line alone.
    pub fn wanted(
        &self,
        path: Option<&Path>,
        isolated: bool,
        note: &mut dyn FnMut(&Path),
    ) -> anyhow::Result<Wanted> {
        let found = path.map(|path| settings::nearest(path, isolated, note)).transpose()?.flatten();
        let (caddy, folder) = match found {
            Some(found) => (found.settings.caddy, Some(found.folder)),
            None => Default::default(),
        };
        let mut requests: Vec<Request> = self.with.iter().map(|text| Request::parse(text)).collect();
        requests.extend(caddy.plugins.iter().map(|text| Request::parse(text)));
        let mut own = Vec::new();
        if let Some(folder) = &folder {
            for name in &caddy.definitions {
                note(&folder.join(name));
                own.push((shown::path(folder.join(name)), definition(folder, name)?));
            }
        }
        let adds = !caddy.plugins.is_empty() || !own.is_empty();
        Ok(Wanted {
            requests,
            own,
            version: caddy.version.zip(folder.as_ref().map(|folder| folder.join(settings::FILE))),
            settings: folder.filter(|_| adds).map(|folder| folder.join(settings::FILE)),
        })
    }
}

impl Wanted {
    /// The version that counts on a host, and who names it: the flag, or else the settings.
    #[cfg(feature = "deploy")]
    pub fn named_version(&self, flag: For) -> Option<(Version, String)> {
        let flag = flag.version.map(|version| (version, "--for".to_owned()));
        flag.or_else(|| self.version.as_ref().map(|(version, file)| (*version, shown::path(file))))
    }

    /// The words of these plugins, and of a Caddy.
    fn known(self, version: Version, build: Option<Rc<Build>>) -> anyhow::Result<Known> {
        let Self { requests, own, settings, .. } = self;
        if requests.is_empty() && own.is_empty() && build.as_ref().is_none_or(|build| !build.has_plugins()) {
            return Ok(Known { build, ..Known::stock(version) });
        }
        let of_build = build.as_ref().map(|build| build.has());
        let Chosen { registry, warnings, .. } =
            plugins::choose(&requests, &own, of_build).map_err(|refusal| refused(&refusal))?;
        let registry = Arc::new(Registry::clone(&registry).for_version(version));
        Ok(Known { registry, settings, warnings, build })
    }
}

/// The text of a definition file that the settings in `folder` name. It must lie in the project.
fn definition(folder: &Path, name: &str) -> anyhow::Result<String> {
    let file = folder.join(name);
    settings::read(folder, &file).map_err(|error| {
        let message = format!("cannot read the definition file {}: {}", shown::path(&file), reason(&error));
        Fault::system(message).help("`definitions` in caddyctl.toml names files of the project").into()
    })
}

/// What plugins cannot be used for.
pub fn refused(refusal: &Refusal) -> Fault {
    let fault = Fault::system(refusal.to_string());
    match refusal {
        Refusal::Unknown(..) => fault
            .help("`caddyctl plugins list` lists the packages; `definitions` in caddyctl.toml adds others"),
        Refusal::Lacking { .. } => fault
            .help("remove it from `--with` and from [caddy] in caddyctl.toml, or name a Caddy that has it"),
        Refusal::Faulty(..) | Refusal::Twice { .. } => fault,
    }
}
