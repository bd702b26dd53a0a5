//! One of the two configurations that are compared.

use serde_json::Value;

use super::report::Place;
use crate::compile::Compilation;
use crate::config::Provenance;
use crate::source::{Sources, Span};

/// A configuration with what is known of its origin.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Its name in the report: a path, a revision, an address.
    pub name: String,
    /// Caddy's JSON.
    pub config: Value,
    /// Which words each part came from; empty for bare JSON.
    pub provenance: Provenance,
    /// The Caddyfile and what it imports; empty for bare JSON.
    pub sources: Sources,
    /// The path that the Caddyfile was compiled under. It ends up in `hide` lists and means nothing there.
    pub path: Option<String>,
    /// The text of the systemd drop-in, when there is one to compare.
    pub drop_in: Option<(String, String)>,
}

impl Side {
    /// A side from a compiled Caddyfile; `None` when it did not compile.
    pub fn compiled(name: impl Into<String>, compilation: Compilation) -> Option<Self> {
        let provenance = compilation.provenance();
        let path = compilation.sources.iter().next().map(|(_, file)| file.name().to_owned());
        Some(Self {
            name: name.into(),
            config: compilation.value()?,
            provenance,
            sources: compilation.sources,
            path,
            drop_in: None,
        })
    }

    /// A side from Caddy's JSON.
    pub fn json(name: impl Into<String>, config: Value) -> Self {
        Self { name: name.into(), config, ..Self::default() }
    }

    /// The words that what is at `pointer` was compiled from.
    pub fn span(&self, pointer: &str) -> Option<Span> {
        self.provenance.find(pointer)
    }

    /// The place of a span.
    pub fn place(&self, span: Option<Span>) -> Option<Place> {
        let span = span?;
        let position = self.sources.position(span);
        let file = self.sources.file(span.file).shown().to_owned();
        Some(Place { file, line: position.line, column: position.column })
    }

    /// The place of what is at `pointer`.
    pub fn place_of(&self, pointer: &str) -> Option<Place> {
        self.place(self.span(pointer))
    }
}
