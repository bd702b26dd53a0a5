//! What the predicates of advisories ask: the compiled configuration, and the words of the Caddyfile that it comes from.

use serde_json::Value;

use super::place::Place;
use crate::diff::Side;
use crate::handlers::{Handler, Handlers};
use crate::lint::{Directive, Site, Walk};
use caddyctl_language::compile::Compilation;
use caddyctl_language::config::{Document, span_at};
use caddyctl_language::directives;
use caddyctl_language::expand::{Block, BlockKind};
use caddyctl_language::source::{Sources, Span};
use caddyctl_language::syntax::Word;

/// A configuration to judge.
pub struct Subject<'a> {
    /// All its routes and handlers.
    pub(crate) handlers: Handlers<'a>,
    /// The sites of the Caddyfile; none for bare JSON.
    pub(crate) sites: Vec<Site<'a>>,
    /// Its named routes, each as a directive of its name.
    pub(crate) named_routes: Vec<Directive<'a>>,
    /// The path that the Caddyfile was compiled under, which is in `hide` lists.
    pub(crate) path: Option<&'a str>,
    document: Option<&'a Document>,
    sources: &'a Sources,
}

impl<'a> Subject<'a> {
    /// A side of a comparison. `config` is its JSON with all routes: [`Side::whole`].
    pub fn of_side(side: &'a Side, config: &'a Value) -> Self {
        Self::new(config, side.document.as_ref(), &side.blocks, &side.sources)
    }

    /// A compiled Caddyfile with `config`, its JSON: [`Compilation::value`].
    pub fn of_compilation(compilation: &'a Compilation, config: &'a Value) -> Self {
        Self::new(config, compilation.config.as_ref(), &compilation.blocks, &compilation.sources)
    }

    fn new(
        config: &'a Value,
        document: Option<&'a Document>,
        blocks: &'a [Block],
        sources: &'a Sources,
    ) -> Self {
        let known = directives::stock();
        let (mut sites, mut named_routes) = (Vec::new(), Vec::new());
        for block in blocks {
            match block.kind {
                BlockKind::NamedRoute => named_routes.extend(Directive::all_of(block, known)),
                BlockKind::Site if block.keys.is_empty() => {}
                BlockKind::Site => sites.push(Site::read(block, known)),
            }
        }
        let path = document.and_then(|_| sources.iter().next()).map(|(_, file)| file.name());
        Self { handlers: Handlers::of(config), sites, named_routes, path, document, sources }
    }

    /// The whole configuration.
    pub(crate) fn config(&self) -> &'a Value {
        self.handlers.config()
    }

    /// The value at a JSON pointer; null if it is missing.
    pub(crate) fn at(&self, pointer: &str) -> &'a Value {
        self.config().pointer(pointer).unwrap_or(&Value::Null)
    }

    /// Whether it was compiled from a Caddyfile.
    pub(crate) fn is_compiled(&self) -> bool {
        self.document.is_some()
    }

    /// All directives of sites and named routes, also those inside others.
    pub(crate) fn directives(&self) -> impl Iterator<Item = &Directive<'a>> {
        let named = self.named_routes.iter().flat_map(|route| Walk::through(&route.block));
        self.sites.iter().flat_map(Site::walk).chain(named)
    }

    /// The directive that made a handler, by its name; `None` for bare JSON.
    pub(crate) fn directive_of(&self, handler: Handler) -> Option<&'a str> {
        let span = span_at(self.document?, &handler.pointer())?;
        Some(self.sources.text(span))
    }

    /// The words of directives that have this text and no variable.
    pub(crate) fn words(&self, text: &str) -> Vec<Span> {
        let words = self.directives().flat_map(|directive| directive.args);
        let is_meant = |word: &&Word| word.text == text && !self.written(word.span).contains("{$");
        let mut spans: Vec<Span> = words.filter(is_meant).map(|word| word.span).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    /// The text of a span, as it is written.
    pub(crate) fn written(&self, span: Span) -> &'a str {
        self.sources.text(span)
    }

    /// A span, extended to its whole lines with the line break.
    pub(crate) fn line_of(&self, span: Span) -> Span {
        let text = self.sources.file(span.file).text();
        let range = span.range();
        let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
        if text[start..range.start].trim().is_empty() && text[range.end..end].trim().is_empty() {
            Span::new(span.file, start, end)
        } else {
            span
        }
    }

    /// The place of a handler.
    pub(crate) fn handler(&self, handler: Handler) -> Place {
        self.pointer(handler.pointer())
    }

    /// The place of what a JSON pointer leads to.
    pub(crate) fn pointer(&self, pointer: impl Into<String>) -> Place {
        let pointer = pointer.into();
        let span = self.document.and_then(|document| span_at(document, &pointer));
        Place { pointer: Some(pointer), span }
    }

    /// The place of a word.
    #[expect(clippy::unused_self, reason = "all places come from here")]
    pub(crate) fn word(&self, span: Span) -> Place {
        Place { pointer: None, span: Some(span) }
    }
}
