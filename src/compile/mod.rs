//! From source text to Caddy's configuration.

use crate::config::Provenance;
use crate::diagnostics::Diagnostic;
use crate::source::{Env, Loader, Sources};

/// What came of compiling one Caddyfile.
#[derive(Debug, Default)]
pub struct Compilation {
    /// The main file and everything it imported.
    pub sources: Sources,
    /// Every fault and warning, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The configuration; `None` when there is an error.
    pub config: Option<serde_json::Value>,
    /// Which words each part of the configuration came from.
    pub provenance: Provenance,
}

impl Compilation {
    /// Caddy's JSON on one line, without a final line break; `None` when there is an error.
    pub fn json(&self) -> Option<Vec<u8>> {
        self.config.as_ref().map(crate::config::write::compact)
    }

    /// Caddy's JSON indented with tabs, without a final line break; `None` when there is an error.
    pub fn pretty(&self) -> Option<Vec<u8>> {
        self.config.as_ref().map(crate::config::write::pretty)
    }

    /// Caddy's JSON as a tree; `None` when there is an error.
    pub fn value(&self) -> Option<serde_json::Value> {
        self.config.clone()
    }
}

/// Compiles the Caddyfile `text`. `name` is its path as the user gave it (it ends up in `file_server`'s `hide`); imports
/// come from `loader`, `{$NAME}` from `env`.
pub fn compile(name: &str, text: &[u8], env: &Env, loader: &dyn Loader) -> Compilation {
    let mut sources = Sources::new();
    sources.add(name, text, env);
    let _ = loader;
    Compilation { sources, ..Compilation::default() }
}
