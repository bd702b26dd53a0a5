//! `--with`, `--for`, and the table `[caddy]` of caddyctl.toml: the plugins whose words are known, and the version of Caddy
//! whose reading counts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use caddyctl_language::lower::Registry;
use caddyctl_language::plugins::{self, Chosen, Refusal, Request};
use caddyctl_language::source::shown;
use caddyctl_language::{Version, directives};

use super::fault::{Fault, reason};
use super::settings;

/// The plugins, for the commands that compile.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Plugins {
    #[command(flatten)]
    packages: Packages,
    #[command(flatten)]
    caddy: For,
}

/// The plugins alone, for the commands that compare versions.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Packages {
    /// Also know the words of this plugin, as `xcaddy build --with` takes it; may be given several times. The table
    /// `[caddy]` of caddyctl.toml has them for a project.
    #[arg(long, value_name = "PACKAGE[@VERSION]")]
    with: Vec<String>,
}

/// The version of Caddy, for the commands that read a Caddyfile.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct For {
    /// Read the Caddyfile as this version of Caddy does. Without it, `version` in the table `[caddy]` of caddyctl.toml counts,
    /// or else the newest version.
    #[arg(long = "for", value_name = "VERSION", value_parser = Version::known)]
    version: Option<Version>,
}

impl For {
    /// This version, if there is one.
    pub fn version(version: Option<Version>) -> Self {
        Self { version }
    }

    /// The version for the Caddyfile `path`, which is absolute. The settings count unless they are `isolated`.
    pub fn of(self, path: &Path, isolated: bool) -> anyhow::Result<Version> {
        match self.version {
            Some(version) => Ok(version),
            None => {
                let found = settings::nearest(path, isolated, &mut |_| ())?;
                Ok(found.and_then(|found| found.settings.caddy.version).unwrap_or_default())
            }
        }
    }
}

/// The words that are known for a file, and where they come from.
pub struct Known {
    /// The words.
    pub registry: Arc<Registry>,
    /// The settings that add words, if some do.
    pub settings: Option<PathBuf>,
    /// What a user should know of the definitions, each in a sentence.
    pub warnings: Vec<String>,
}

impl Known {
    /// The words of the stock build.
    pub fn stock(version: Version) -> Self {
        Self { registry: directives::stock_of(version), settings: None, warnings: Vec::new() }
    }
}

impl Plugins {
    /// No plugins, read by this version, if there is one.
    pub fn none(caddy: For) -> Self {
        Self::of(Packages::default(), caddy)
    }

    /// These plugins, read by this version, if there is one.
    pub fn of(packages: Packages, caddy: For) -> Self {
        Self { packages, caddy }
    }

    /// The same plugins, read by this version.
    pub fn at(&self, version: Version) -> Self {
        Self::of(self.packages.clone(), For::version(Some(version)))
    }

    /// The version that the command line or the settings of `path`, which is absolute, name.
    pub fn named(&self, path: &Path, isolated: bool) -> anyhow::Result<Option<Version>> {
        match self.caddy.version {
            Some(version) => Ok(Some(version)),
            None => {
                let found = settings::nearest(path, isolated, &mut |_| ())?;
                Ok(found.and_then(|found| found.settings.caddy.version))
            }
        }
    }

    /// The words for the Caddyfile `path`, which is absolute. The settings count unless they are `isolated`; each place that
    /// is looked at is passed to `note`.
    pub fn known(&self, path: &Path, isolated: bool, note: &mut dyn FnMut(&Path)) -> anyhow::Result<Known> {
        let found = settings::nearest(path, isolated, note)?;
        let (caddy, folder) = match found {
            Some(found) => (found.settings.caddy, Some(found.folder)),
            None => Default::default(),
        };
        let version = self.caddy.version.or(caddy.version).unwrap_or_default();
        let mut requests: Vec<Request> = self.packages.with.iter().map(|text| Request::parse(text)).collect();
        requests.extend(caddy.plugins.iter().map(|text| Request::parse(text)));
        let mut own = Vec::new();
        if let Some(folder) = &folder {
            for name in &caddy.definitions {
                note(&folder.join(name));
                own.push((shown::path(folder.join(name)), definition(folder, name)?));
            }
        }
        if requests.is_empty() && own.is_empty() {
            return Ok(Known::stock(version));
        }
        let adds = !caddy.plugins.is_empty() || !own.is_empty();
        let Chosen { registry, warnings, .. } =
            plugins::choose(&requests, &own).map_err(|refusal| refused(&refusal))?;
        let registry = Arc::new(Registry::clone(&registry).for_version(version));
        let settings = folder.filter(|_| adds).map(|folder| folder.join(settings::FILE));
        Ok(Known { registry, settings, warnings })
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

fn refused(refusal: &Refusal) -> anyhow::Error {
    let fault = Fault::system(refusal.to_string());
    match refusal {
        Refusal::Unknown(..) => fault
            .help("`caddyctl plugins list` lists the packages; `definitions` in caddyctl.toml adds others"),
        Refusal::Faulty(..) | Refusal::Twice { .. } => fault,
    }
    .into()
}
