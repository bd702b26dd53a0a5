//! The files that are installed on the host, and what they compile to.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use super::Found;
use crate::artifact::{Artifact, Role};
use crate::compiler::AskError;
use crate::files::disk::Disk;
use crate::files::host::Host;
use crate::source::overlay::Overlay;
use crate::transaction::setup::Uncompiled;
use caddyctl_host::Bounded;
use caddyctl_language::compile::Compilation;
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

impl Found {
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
        self.with_compiled(&host, |_, compiled| compiled.and_then(|compiled| compiled.json))
    }

    /// The files that are installed, and what they compile to; `None` when there are none. They are looked at once, and
    /// again after [`Found::look_again`].
    pub fn installed(&self) -> Option<Rc<Installed>> {
        self.installed.borrow().get_or_init(|| self.look_at_installed().map(Rc::new)).clone()
    }

    /// Forgets what is installed, since it may have changed.
    pub fn look_again(&self) {
        self.installed.take();
    }

    fn look_at_installed(&self) -> Option<Installed> {
        self.host.has(&self.host.caddyfile).then_some(())?;
        self.with_compiled(&self.host, |overlay, compiled| {
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
        then: impl FnOnce(&Overlay<'_>, Result<Compiled, InstalledError>) -> T,
    ) -> T {
        let main = host.on_disk(&host.caddyfile);
        let disk = Disk::new(&host.root, "/");
        let disk = Bounded::by_limits(&disk, self.limits_of_installed());
        let overlay = Overlay::new(host, &disk, &main, None);
        let compiled = match self.compile(&overlay) {
            Ok(compilation) => {
                let json = self.read_by_both(&overlay, &compilation, &main);
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
    ) -> Result<Vec<u8>, InstalledError> {
        let faulty = || {
            let first = compilation.diagnostics.iter().find(|found| found.is_error());
            let message = first.map(|found| found.message.clone()).unwrap_or_default();
            InstalledError::Faulty { path: main.to_owned(), message }
        };
        if !compilation.is_ok() && (overlay.has_unfit() || compilation.is_stopped_by_limit()) {
            return Err(faulty());
        }
        let asked = self.judge(compilation.json(), |caddy| caddy.adapt(main));
        let verdict = asked.map_err(|source| InstalledError::Refused { path: main.to_owned(), source })?;
        verdict.map(|verdict| verdict.json).ok_or_else(faulty)
    }
}

/// A compilation and what is made of it.
struct Compiled {
    compilation: Compilation,
    json: Result<Vec<u8>, InstalledError>,
}
