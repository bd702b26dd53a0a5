//! The words of plugins, for the files that are compiled: those that the host's Caddy has, or else those that are named.

use std::path::PathBuf;
use std::sync::Arc;

use super::Found;
use crate::compiler::modules::{self, Modules};
use caddyctl_language::lower::Registry;
use caddyctl_language::plugins::{Build, Chosen, Refusal, Request, choose};
use caddyctl_language::source::shown;
use caddyctl_language::{Version, directives};

/// What the caller names of the Caddy: its plugins and its version.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The packages.
    pub requests: Vec<Request>,
    /// Definition files, each with its name for messages.
    pub own: Vec<(String, String)>,
    /// The version of Caddy, and who names it: a flag, or a file.
    pub version: Option<(Version, String)>,
}

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The words, once they are known.
    known: Option<Arc<Registry>>,
    /// Whether the host's Caddy was asked.
    is_asked: bool,
    /// The version that is named.
    version: Option<(Version, String)>,
}

impl Found {
    /// Takes into account what the caller names. The host's Caddy is asked whether it has these plugins; what it says counts,
    /// and the caller's word only where there is none to ask.
    ///
    /// # Errors
    ///
    /// Plugins that are not known, or that the host's Caddy does not have.
    pub fn know(&self, named: &Named) -> Result<Vec<String>, Refusal> {
        self.words.borrow_mut().version.clone_from(&named.version);
        if named.requests.is_empty() && named.own.is_empty() {
            return Ok(Vec::new());
        }
        let build = self.build();
        let Chosen { registry, warnings, .. } = choose(&named.requests, &named.own, build.as_ref())?;
        let version = named.version.clone();
        self.words.replace(Words { known: Some(registry), is_asked: build.is_some(), version });
        Ok(warnings)
    }

    /// The version that is named, and who names it.
    pub(super) fn named_version(&self) -> Option<(Version, String)> {
        self.words.borrow().version.clone()
    }

    /// The words that are known so far, as the version that counts reads them.
    pub fn words(&self) -> Arc<Registry> {
        self.words_of(self.version())
    }

    /// The words that are known so far, as a version reads them.
    pub(super) fn words_of(&self, version: Version) -> Arc<Registry> {
        match &self.words.borrow().known {
            Some(words) if words.version() == version => Arc::clone(words),
            Some(words) => Arc::new(Registry::clone(words).for_version(version)),
            None => directives::stock_of(version),
        }
    }

    /// The words with those of the host's Caddy; `None` where there are no more.
    pub fn more_words(&self) -> Option<Arc<Registry>> {
        if std::mem::replace(&mut self.words.borrow_mut().is_asked, true) {
            return None;
        }
        let build = self.build().filter(Build::has_plugins)?;
        let chosen = choose(&[], &[], Some(&build)).ok()?;
        self.words.borrow_mut().known = Some(chosen.registry);
        Some(self.words())
    }

    /// The host's Caddy with what it has; `None` where there is none to ask.
    fn build(&self) -> Option<Build> {
        let program = self.caddy()?.program;
        let modules = self.modules.get_or_init(|| self.ask_modules()).clone()?;
        Some(Build { program: shown::path(program), modules })
    }

    /// The modules of the service's Caddy, or of the program where there is no service.
    pub(super) fn ask_modules(&self) -> Option<Modules> {
        if let Some((_, unit)) = self.systemd.as_ref().filter(|_| !self.is_caddy_given) {
            return modules::of_service(unit, &self.caddy_of(PathBuf::new()));
        }
        self.caddy()?.modules().ok().filter(|modules| !modules.is_empty())
    }
}
