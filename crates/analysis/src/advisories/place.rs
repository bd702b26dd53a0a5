//! What a configuration has at a place, and what to write there.

use caddyctl_language::source::Span;

/// A place that makes a configuration concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where in Caddy's JSON; `None` for words that the JSON does not show.
    pub pointer: Option<String>,
    /// Where in the Caddyfile; `None` for bare JSON, and for defaults.
    pub span: Option<Span>,
}

/// An edit that carries out a remedy: the text of `span` replaced. All edits of an advisory belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What is written in its place.
    pub replacement: String,
}
