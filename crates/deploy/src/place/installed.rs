//! The files that are installed on the host, and what they compile to.

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use super::Found;
use super::ahead::{self, Ahead};
use crate::artifact::{Artifact, Role};
use crate::compiler::AskError;
use crate::files::disk::Disk;
use crate::files::host::Host;
use crate::source::overlay::Overlay;
use crate::transaction::setup::Uncompiled;
use caddyctl_analysis::routes::variables;
use caddyctl_host::Bounded;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::discretion::{Audience, discreet};
use caddyctl_language::diagnostics::{Diagnostic, Label, opaque};
use caddyctl_language::source::shown;

/// Installed files that do not compile.
#[derive(Debug, thiserror::Error)]
pub enum InstalledError {
    /// The Caddyfile cannot be read.
    #[error("{}: {source}", shown::path(path))]
    Unreadable {
        /// The Caddyfile.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// It is at fault.
    #[error("{}: {message}", shown::path(path))]
    Faulty {
        /// The Caddyfile.
        path: PathBuf,
        /// The first error.
        message: String,
    },
    /// The host's Caddy does not take it.
    #[error("{}: {source}", shown::path(path))]
    Refused {
        /// The Caddyfile.
        path: PathBuf,
        /// Its words.
        source: AskError,
    },
}

impl From<InstalledError> for Uncompiled {
    fn from(error: InstalledError) -> Self {
        Self(error.to_string())
    }
}

/// What is installed, read and compiled once.
#[derive(Debug)]
pub struct Installed {
    /// The files, and what they compile to (`null` when they do not).
    pub artifact: Artifact,
    /// The configuration, when they compile.
    pub config: Option<Value>,
    /// Why they do not.
    pub fault: Option<InstalledError>,
}

/// What Caddy refuses when it starts with the installed files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledFault {
    /// Where, and what is wrong.
    pub words: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Found {
    /// What a deploy would refuse of the files that are installed: certificates that are missing, logs that the service's
    /// user cannot write, modules that its Caddy does not have. Empty where they do not compile, or where this is not the host.
    pub fn faults_of_installed(&self) -> Vec<InstalledFault> {
        if self.host.is_staged() || !self.host.has(&self.host.caddyfile) {
            return Vec::new();
        }
        let main = self.host.on_disk(&self.host.caddyfile);
        let disk = Disk::new(&self.host.root, "/");
        let disk = Bounded::by_limits(&disk, self.limits_of_installed());
        let overlay = Overlay::new(&self.host, &disk, &main, None);
        let Ok(compilation) = self.compile(&overlay) else { return Vec::new() };
        let Some(config) = compilation.value() else { return Vec::new() };
        let mut found = self.check(&config, &compilation);
        found.retain(Diagnostic::is_error);
        let sources = &compilation.sources;
        discreet(&mut found, sources, &variables(sources), Audience::Terminal);
        let words = |found: Diagnostic| {
            // The whole path: whoever reads this may be in another folder.
            let place = |label: Label| {
                let position = sources.position(label.span);
                let name = shown::path(sources.file(label.span.file).name());
                format!("{name}:{}:{}: ", position.line, position.column)
            };
            let place = found.primary.map(place).unwrap_or_default();
            InstalledFault { words: place + &found.message, help: found.helps.into_iter().next() }
        };
        found.into_iter().map(words).collect()
    }

    /// Compiles the installed Caddyfile as it is now.
    ///
    /// # Errors
    ///
    /// One that does not compile.
    pub fn compile_installed(&self) -> Result<Vec<u8>, InstalledError> {
        self.compile_at(&self.host.caddyfile)
    }

    /// Compiles the Caddyfile at `path` of the host, as the service would at its next start.
    ///
    /// # Errors
    ///
    /// One that does not compile.
    pub fn compile_at(&self, path: &Path) -> Result<Vec<u8>, InstalledError> {
        let host = Host { caddyfile: path.to_owned(), ..self.host.clone() };
        self.with_compiled(&host, None, |_, compiled| compiled.and_then(|compiled| compiled.json))
    }

    /// The files that are installed, and what they compile to; `None` when there are none. They are looked at once, and
    /// again after [`Found::look_again`].
    pub fn installed(&self) -> Option<Rc<Installed>> {
        self.installed.borrow().get_or_init(|| self.look_at_installed().map(Rc::new)).clone()
    }

    /// Forgets what is installed, since it may have changed.
    pub fn look_again(&self) {
        self.installed.take();
        self.ahead.take();
    }

    fn look_at_installed(&self) -> Option<Installed> {
        self.host.has(&self.host.caddyfile).then_some(())?;
        self.with_compiled(&self.host, self.ahead.take(), |overlay, compiled| {
            let (files, json) = match compiled {
                Ok(compiled) => {
                    (overlay.artifact(&compiled.compilation.sources, Vec::new()).ok(), compiled.json)
                }
                Err(error) => (None, Err(error)),
            };
            let mut artifact = files.unwrap_or_default();
            artifact.files.retain(|file| file.path.starts_with(self.host.config_folder()));
            for file in artifact.files.iter_mut().filter(|file| file.role == Role::Import) {
                file.role = Role::HostImport;
            }
            let (json, fault) = match json {
                Ok(json) => (json, None),
                Err(error) => (b"null".to_vec(), Some(error)),
            };
            let config = if fault.is_none() { crate::json::read(&json).ok() } else { None };
            Some(Installed { artifact: Artifact { json, ..artifact }, config, fault })
        })
    }

    fn with_compiled<T>(
        &self,
        host: &Host,
        ahead: Option<Ahead>,
        then: impl FnOnce(&Overlay<'_>, Result<Compiled, InstalledError>) -> T,
    ) -> T {
        let main = host.on_disk(&host.caddyfile);
        let disk = Disk::new(&host.root, "/");
        let disk = Bounded::by_limits(&disk, self.limits_of_installed());
        let overlay = Overlay::new(host, &disk, &main, None);
        let compiled = match self.compile(&overlay) {
            Ok(compilation) => {
                let json = self.read_by_both(&overlay, &compilation, &main, ahead);
                Ok(Compiled { compilation, json })
            }
            Err(source) => Err(InstalledError::Unreadable { path: main, source }),
        };
        then(&overlay, compiled)
    }

    fn read_by_both(
        &self,
        overlay: &Overlay<'_>,
        compilation: &Compilation,
        main: &Path,
        ahead: Option<Ahead>,
    ) -> Result<Vec<u8>, InstalledError> {
        let faulty = || {
            let first = compilation.diagnostics.iter().find(|found| found.is_error());
            let opaque = || compilation.opaque.first().cloned().map(opaque::without_json);
            let message = first.cloned().or_else(opaque).map(|found| found.message).unwrap_or_default();
            InstalledError::Faulty { path: main.to_owned(), message }
        };
        if !compilation.is_ok() && (overlay.has_unfit() || compilation.is_stopped_by_limit()) {
            return Err(faulty());
        }
        let answer = match ahead {
            Some(Ahead::Same(texts, json)) if texts == ahead::texts(&compilation.sources) => return Ok(json),
            Some(Ahead::Answer(answer)) => Some(answer),
            _ => None,
        };
        let answer = Cell::new(answer);
        let asked =
            self.judge(compilation.json(), |caddy| answer.take().unwrap_or_else(|| caddy.adapt(main)));
        let verdict = asked.map_err(|source| InstalledError::Refused { path: main.to_owned(), source })?;
        verdict.map(|verdict| verdict.json).ok_or_else(faulty)
    }
}

/// A compilation and what is made of it.
struct Compiled {
    compilation: Compilation,
    json: Result<Vec<u8>, InstalledError>,
}
