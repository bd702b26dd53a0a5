//! A rule as data, and what it sees.

use std::collections::HashMap;

use super::field::Field;
use super::level::Levels;
use super::tree::{Directive, Site, Tree, Walk};
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
    pub options: &'a [Directive<'a>],
    /// The sites, in the order of the file, with imports carried out.
    pub sites: &'a [Site<'a>],
    /// The named routes, each as a directive of its name.
    pub named_routes: &'a [Directive<'a>],
    /// The levels of the sites and named routes.
    pub levels: Levels<'a>,
    /// The lines that set, add or take away header fields.
    pub fields: Vec<Field<'a>>,
    /// The names of the ordered directives, in the order in which they run.
    pub directive_order: &'a [&'static str],
    /// The snippets that the texts define.
    pub snippets: &'a [SnippetUse],
    /// What they compile to.
    pub config: &'a Document,
    by_name: HashMap<&'a str, Vec<&'a Directive<'a>>>,
    definitions: Vec<&'a Directive<'a>>,
    frames: &'a Frames,
}

impl<'a> Lint<'a> {
    /// `tree` is that of the blocks of `compilation`, which compiles to `config`.
    pub(super) fn new(compilation: &'a Compilation, config: &'a Document, tree: &'a Tree<'a>) -> Self {
        let mut lint = Self {
            sources: &compilation.sources,
            options: &tree.options,
            sites: &tree.sites,
            named_routes: &tree.named_routes,
            levels: Levels::of(tree, &compilation.directive_order),
            fields: Vec::new(),
            directive_order: &compilation.directive_order,
            snippets: &compilation.snippets,
            config,
            by_name: HashMap::new(),
            definitions: Vec::new(),
            frames: &compilation.frames,
        };
        for directive in lint.walk() {
            lint.fields.extend(Field::all(directive));
            if directive.name.text.starts_with('@') {
                lint.definitions.push(directive);
            } else {
                lint.by_name.entry(&directive.name.text).or_default().push(directive);
            }
        }
        lint
    }

    /// All directives of the sites and named routes, also those inside others and the definitions of matchers, each
    /// before those of its block.
    pub fn walk(&self) -> impl Iterator<Item = &'a Directive<'a>> + use<'a> {
        let routes = self.named_routes.iter().flat_map(|route| Walk::through(&route.block));
        self.sites.iter().flat_map(Site::walk).chain(routes)
    }

    /// Those of [`Self::walk`] with this name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &'a Directive<'a>> {
        self.by_name.get(name).into_iter().flatten().copied()
    }

    /// Those of [`Self::walk`] that define matchers.
    pub fn definitions(&self) -> impl Iterator<Item = &'a Directive<'a>> {
        self.definitions.iter().copied()
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
