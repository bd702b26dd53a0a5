//! The Caddyfile compiled for the host: by caddyctl, by the host's Caddy, and what either has to say about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ahead::{self, Ahead};
use super::judge::{self, Verdict};
use super::version::OtherVersion;
use super::{Found, words};
use crate::compiler::{AskError, Caddy};
use crate::files::owner::Reader;
use crate::source::overlay::Overlay;
use crate::transaction::check::CheckError;
use caddyctl_analysis::check;
use caddyctl_language::Version;
use caddyctl_language::compile::{Compilation, compile_with};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity, opaque};
use caddyctl_language::lower::Registry;
use caddyctl_language::source::{Loader, Sources, shown};
use serde_json::Value;

/// What a source compiles to. Its files have the names that the user knows.
pub struct Compiled {
    /// The compilation.
    pub compilation: Compilation,
    /// The JSON that is loaded, and whose it is; `None` when the file is at fault.
    pub verdict: Option<Verdict>,
    /// What has to be shown of it, in the order of the text.
    pub findings: Vec<Diagnostic>,
}

/// A source that cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The Caddyfile.
    #[error("cannot read {}: {}", shown::path(path), words(source))]
    Unreadable {
        /// The Caddyfile.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A file of the source that is there and is not read.
    #[error("cannot read a file of the source: {}", .0.escape_debug())]
    Refused(String),
    /// A file of the host that the service's user may not read.
    #[error(transparent)]
    Hidden(CheckError),
    /// The version that is named is not that of the host's Caddy.
    #[error(transparent)]
    OtherVersion(OtherVersion),
    /// An import that leads to a file that is not deployed.
    #[error("an import leads out of the folder of the Caddyfile, to {}", shown::path(.0))]
    Outside(PathBuf),
    /// The host's Caddy does not take it, or could not be asked.
    #[error("{words}")]
    Asked {
        /// Its words.
        words: String,
        /// The program.
        program: PathBuf,
        /// Whether it refused, so that the input is at fault.
        is_refused: bool,
    },
}

impl CompileError {
    /// Whether the input has an error, as opposed to a system error.
    pub fn is_input(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Outside(_) => true,
            Self::Asked { is_refused, .. } => *is_refused,
            Self::Unreadable { .. } | Self::Hidden(_) | Self::OtherVersion(_) => false,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => "name the file, or run this in its folder".to_owned(),
                io::ErrorKind::PermissionDenied => "run this as a user who may read the file".to_owned(),
                _ => return None,
            },
            Self::Refused(_) => {
                "nothing was changed; copy the file itself into the source, or copy it to the host and import it by \
                                 its absolute path"
                    .to_owned()
            }
            Self::Hidden(error) => {
                format!("nothing was changed; {}", error.help().unwrap_or_default())
            }
            Self::OtherVersion(error) => format!("nothing was changed; {}", error.help()),
            Self::Outside(_) => {
                "a deploy installs only files below that folder: move the file there, or copy it to the host and \
                                 import it by its absolute path"
                    .to_owned()
            }
            Self::Asked { program, is_refused: true, .. } => format!(
                "nothing was changed; the service starts {}; --compiler caddyctl skips it",
                shown::path(program)
            ),
            Self::Asked { .. } => "nothing was changed; --compiler caddyctl skips it".to_owned(),
        })
    }
}

impl Found {
    /// Compiles what will be installed, once.
    pub(super) fn compile(&self, overlay: &Overlay<'_>) -> io::Result<Compilation> {
        let text = overlay.read(&overlay.host().caddyfile)?;
        self.compilations.set(self.compilations.get() + 1);
        let compile = |words: Arc<Registry>| self.compile_text(&text, &words, overlay);
        let compilation = compile(self.words());
        // The host's Caddy is asked for its plugins only if the file has something that the stock build does not take.
        if compilation.is_ok() || compilation.is_stopped_by_limit() {
            return Ok(compilation);
        }
        Ok(self.more_words().map_or(compilation, compile))
    }

    fn compile_text(&self, text: &[u8], words: &Arc<Registry>, overlay: &Overlay<'_>) -> Compilation {
        let name = overlay.host().caddyfile.to_string_lossy();
        compile_with(words, &name, text, &self.env, overlay)
    }

    /// What another version makes of a source, whose files have the names that the user knows.
    ///
    /// # Errors
    ///
    /// Its Caddyfile cannot be read.
    pub fn compiled_by(
        &self,
        version: Version,
        overlay: &Overlay<'_>,
        loader: &dyn Loader,
        given: Option<&str>,
    ) -> io::Result<Compilation> {
        let text = overlay.read(&overlay.host().caddyfile)?;
        let mut compilation = self.compile_text(&text, &self.words_of(version), overlay);
        if let Some(given) = given {
            compilation.sources = self.as_given(&compilation.sources, overlay, loader, given);
        }
        Ok(compilation)
    }

    /// Compiles a source and asks the host's Caddy. `main` is its Caddyfile, and `given` how the user named it; without it,
    /// faults name the path on the host. `is_checked` says whether what Caddy would find when it provisions is looked for.
    ///
    /// # Errors
    ///
    /// A source that cannot be read as a whole, and a host's Caddy that says no without a place.
    pub fn compiled(
        &self,
        overlay: &Overlay<'_>,
        loader: &dyn Loader,
        (main, given): (&Path, Option<&str>),
        is_checked: bool,
    ) -> Result<(Compiled, Sources), CompileError> {
        self.is_of_version().map_err(CompileError::OtherVersion)?;
        let unreadable = |source| CompileError::Unreadable { path: main.to_owned(), source };
        let mut compilation = self.compile(overlay).map_err(unreadable)?;
        if let Some(reason) = loader.refused() {
            return Err(CompileError::Refused(reason));
        }
        if let Some(path) = overlay.unreadable() {
            return Err(CompileError::Hidden(CheckError::Unreadable(path)));
        }
        let hosts = compilation.sources.clone();
        if let Some(given) = given {
            compilation.sources = self.as_given(&hosts, overlay, loader, given);
        }
        if let Some(path) = overlay.left_behind() {
            return Err(CompileError::Outside(path));
        }
        let diagnostics = compilation.diagnostics.clone();
        let done =
            |compilation, verdict, findings| Ok((Compiled { compilation, verdict, findings }, hosts.clone()));
        if !compilation.is_ok() && (overlay.has_unfit() || compilation.is_stopped_by_limit()) {
            // The host's Caddy would read the same files, without limits.
            return done(compilation, None, diagnostics);
        }
        let files = overlay.artifact(&hosts, Vec::new()).map_err(unreadable)?;
        let ask = |caddy: &Caddy<'_>| caddy.adapt_files(&files.files, &self.host, &self.scratch);
        let is_asked = self.caddy().is_some();
        let judged = self.beside(&files.files, is_checked, || self.judge(compilation.json(), ask));
        if let Ok(Some(verdict)) = &judged {
            let same = Ahead::Same(ahead::texts(&hosts), verdict.json.clone());
            self.ahead.borrow_mut().get_or_insert(same);
        }
        match judged {
            // What only we do not take is reported in one sentence.
            Ok(verdict @ Some(_)) if is_asked && !compilation.is_ok() => {
                done(compilation, verdict, Vec::new())
            }
            // Words of which only the name is known need a Caddy to ask.
            Ok(None) => done(compilation, None, diagnostics.into_iter().map(opaque::without_json).collect()),
            Ok(verdict) => done(compilation, verdict, diagnostics),
            // Neither takes it, and our own words say more.
            Err(_) if !compilation.is_ok() => done(compilation, None, diagnostics),
            Err(error) => {
                // A module that it lacks is the better explanation.
                let config = compilation.value().filter(|_| is_checked);
                let found = config.map(|config| self.check(&config, &compilation)).unwrap_or_default();
                if found.iter().any(Diagnostic::is_error) {
                    return done(compilation, None, [diagnostics, found].concat());
                }
                let program = self.caddy().map(|caddy| caddy.program).unwrap_or_default();
                let refusal = judge::refusal(&error, &shown::path(&program), &hosts, &compilation.sources);
                let Some(refusal) = refusal else {
                    return Err(CompileError::Asked {
                        words: judge::words(&error, &hosts),
                        program,
                        is_refused: matches!(error, AskError::Refused { .. }),
                    });
                };
                done(compilation, None, [diagnostics, vec![refusal]].concat())
            }
        }
    }

    /// What Caddy would refuse when it provisions the configuration, before it is asked. The files that the configuration
    /// names are looked at when this is the host that it is for.
    pub fn check(&self, config: &Value, compilation: &Compilation) -> Vec<Diagnostic> {
        let machine = self.machine();
        let facts: Option<&dyn check::Facts> = if self.host.is_staged() { None } else { Some(&machine) };
        let found = check::check_json_with(&compilation.directives, config, facts);
        let mut diagnostics = check::diagnostics(&found, compilation);
        // Of the warnings, those about this machine: a port that somebody else has.
        diagnostics.retain(|found| {
            found.is_error() || (found.code == Code::MACHINE && found.severity == Severity::Warning)
        });
        diagnostics
    }

    /// This machine as the service meets it: its environment, its user, its program.
    pub fn machine(&self) -> caddyctl_host::Machine {
        let disk = caddyctl_host::Machine::new("/", self.env.clone());
        if self.systemd.is_none() {
            return disk;
        }
        let disk = match self.reader.clone() {
            Some(Reader { uid: id, gids: groups }) => disk.seen_by(caddyctl_host::User { id, groups }),
            None => disk,
        };
        match self.modules.get_or_init(|| self.ask_modules()) {
            Some(modules) => disk.with_modules(modules.keys().cloned().collect()),
            None => disk,
        }
    }

    /// The files under the names that the user knows; what lies elsewhere is the host's.
    fn as_given(&self, hosts: &Sources, overlay: &Overlay<'_>, loader: &dyn Loader, given: &str) -> Sources {
        hosts.renamed(loader.base(), |name| {
            let path = Path::new(name);
            if path == self.host.caddyfile {
                return Some(given.to_owned());
            }
            Some(overlay.source_of(path)?.to_string_lossy().into_owned())
        })
    }
}
