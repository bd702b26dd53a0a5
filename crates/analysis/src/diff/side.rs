//! One of the two configurations that are compared.

use std::borrow::Cow;

use serde_json::Value;

use super::report::Place;
use crate::routes::server::Config;
use caddyctl_language::compile::Compilation;
use caddyctl_language::config::{Document, settings, span_at};
use caddyctl_language::expand::Block;
use caddyctl_language::source::{Sources, Span};

/// A configuration with what is known of its origin.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Its name in the report: a path, a revision, an address.
    pub name: String,
    /// Caddy's JSON; without the routes of its servers where `document` has them.
    pub config: Value,
    /// What the Caddyfile was compiled to; `None` for bare JSON.
    pub(crate) document: Option<Document>,
    /// What stands at the top of the Caddyfile; empty for bare JSON.
    pub(crate) blocks: Vec<Block>,
    /// The Caddyfile and what it imports; empty for bare JSON.
    pub sources: Sources,
    /// The path that the Caddyfile was compiled under. It ends up in `hide` lists and means nothing there.
    pub(crate) path: Option<String>,
    /// The text of the systemd drop-in, when there is one to compare.
    pub drop_in: Option<(String, String)>,
}

impl Side {
    /// A side from a compiled Caddyfile; `None` when it did not compile.
    pub fn compiled(name: impl Into<String>, compilation: Compilation) -> Option<Self> {
        let path = compilation.sources.iter().next().map(|(_, file)| file.name().to_owned());
        let document = compilation.config?;
        Some(Self {
            name: name.into(),
            config: Value::from(&settings(&document)),
            document: Some(document),
            blocks: compilation.blocks,
            sources: compilation.sources,
            path,
            drop_in: None,
        })
    }

    /// A side from Caddy's JSON.
    pub fn json(name: impl Into<String>, config: Value) -> Self {
        Self { name: name.into(), config, ..Self::default() }
    }

    /// The configuration, for those who look at its routes.
    pub fn tree(&self) -> Config<'_> {
        Config { value: &self.config, document: self.document.as_ref() }
    }

    /// Caddy's JSON with all its routes.
    pub fn whole(&self) -> Cow<'_, Value> {
        match &self.document {
            None => Cow::Borrowed(&self.config),
            Some(document) => Cow::Owned(serde_json::to_value(document).unwrap_or_default()),
        }
    }

    /// The words that the route or handler at `pointer` was compiled from.
    pub(crate) fn span(&self, pointer: &str) -> Option<Span> {
        span_at(self.document.as_ref()?, pointer)
    }

    /// The place of a span.
    pub(crate) fn place(&self, span: Option<Span>) -> Option<Place> {
        let span = span?;
        let position = self.sources.position(span);
        let file = self.sources.file(span.file).shown().to_owned();
        Some(Place { file, line: position.line, column: position.column })
    }

    /// The place of the route or handler at `pointer`.
    pub fn place_of(&self, pointer: &str) -> Option<Place> {
        self.place(self.span(pointer))
    }
}
