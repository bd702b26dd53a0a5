//! A rule as data, and what it sees.

use super::tree::{self, Directive, Site};
use crate::compile::Compilation;
use crate::config::Document;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::expand::{Frames, SnippetUse};
use crate::source::Sources;
use crate::syntax::Word;

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// `C0xx` correctness, `S0xx` security, `R0xx` redundant, `D0xx` deprecated, `P0xx` performance, `X0xx` style.
    pub code: Code,
    /// How bad a finding is.
    pub severity: Severity,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Its page, in Markdown: what, why, an example of the wrong and the right, and when to leave it.
    pub page: &'static str,
    /// Adds what it finds. Findings are made with [`Rule::finding`].
    pub check: fn(&Lint, &mut Vec<Diagnostic>),
}

/// What a rule sees: a file that Caddy accepts.
pub struct Lint<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The global options.
    pub options: Vec<Directive>,
    /// The sites, in the order of the file, with imports carried out.
    pub sites: Vec<Site>,
    /// The named routes, each as a directive of its name.
    pub named_routes: Vec<Directive>,
    /// The snippets that the texts define.
    pub snippets: &'a [SnippetUse],
    /// The names of the ordered directives, in the order in which they run.
    pub directive_order: &'a [&'static str],
    /// What they compile to.
    pub config: &'a Document,
    frames: &'a Frames,
}

impl<'a> Lint<'a> {
    /// `None` when Caddy refuses the file: then its faults are enough.
    pub(super) fn new(compilation: &'a Compilation) -> Option<Self> {
        let config = compilation.config.as_ref()?;
        let (options, sites, named_routes) = tree::read(&compilation.blocks);
        Some(Self {
            sources: &compilation.sources,
            options,
            sites,
            named_routes,
            snippets: &compilation.snippets,
            directive_order: &compilation.directive_order,
            config,
            frames: &compilation.frames,
        })
    }

    /// All directives of the sites and named routes, also those inside others and the definitions of matchers.
    pub fn walk(&self) -> impl Iterator<Item = &Directive> {
        let sites = self.sites.iter().flat_map(Site::walk);
        sites.chain(self.named_routes.iter().flat_map(|route| &route.block).flat_map(Directive::walk))
    }

    /// The text of a word as the user wrote it, before shorthands and variables were replaced.
    pub fn written(&self, word: &Word) -> &'a str {
        self.sources.text(word.span)
    }
}

impl Rule {
    /// A finding of this rule at `word`.
    pub fn finding(&self, lint: &Lint, word: &Word, message: impl Into<String>) -> Diagnostic {
        lint.frames.place(Diagnostic::new(self.code, self.severity, word.span, message), word)
    }
}
