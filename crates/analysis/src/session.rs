//! What is wrong with a text that somebody is typing: each version is looked at again, and only the site that changed is
//! compiled.
//!
//! What a site brings to light depends on its own text, on the options, snippets and named routes, and on what sites
//! have in common: addresses, certificates, logs. So while only the inside of one site changes, that site is compiled
//! with the definitions and without the other sites, as it was and as it is, and what the two differ in is carried over
//! to the findings of the whole. Wherever that might not be the same as compiling everything, everything is compiled.

mod alone;
mod difference;
mod sites;

use std::ops::Range;

use crate::check;
use crate::lint;
use caddyctl_language::Version;
use caddyctl_language::compile::{self, Compilation, compile};
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::expand::{Block, BlockKind};
use caddyctl_language::source::{Env, FileId, Loader, Sources};
use caddyctl_language::syntax::Word;

use alone::Alone;
use sites::Site;

/// The versions of one Caddyfile. When a file that it imports has changed, begin a new session.
///
/// ```
/// use caddyctl_analysis::session::Session;
/// use caddyctl_language::source::{Env, Memory};
///
/// let (env, disk) = (Env::empty(), Memory::new(""));
/// let mut session = Session::new("Caddyfile", &env, &disk);
/// let found = session.update("a.example {\n\trespnd hello\n}\nb.example {\n\trespond hello\n}\n");
/// assert!(found.diagnostics[0].message.contains("respnd"));
/// let found = session.update("a.example {\n\trespond hello\n}\nb.example {\n\trespond hello\n}\n");
/// assert!(found.diagnostics.is_empty());
/// ```
pub struct Session<'a> {
    name: String,
    env: &'a Env,
    loader: &'a dyn Loader,
    base: Option<Base>,
}

/// A version's text and what was found in it.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The text and everything that it imports.
    pub sources: Sources,
    /// Faults, what Caddy would refuse when it provisions, and what the lint rules find; by place, then by code.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the stages found, each by itself.
#[derive(Clone, Debug, Default)]
struct Stages {
    /// Whether the text compiles.
    is_ok: bool,
    compile: Vec<Diagnostic>,
    check: Vec<Diagnostic>,
    lint: Vec<Diagnostic>,
}

/// The last version that was compiled as a whole.
struct Base {
    text: String,
    sources: Sources,
    stages: Stages,
    /// The sites of the text, by place; none when sites cannot be separated.
    sites: Vec<Site>,
    /// The addresses of all sites.
    keys: Vec<Vec<Word>>,
    /// The site that changed last, by its number, and what it was alone.
    before: Option<(usize, Alone)>,
}

/// A range of the base's text that another text takes the place of.
#[derive(Clone, Debug)]
struct Change {
    /// What goes.
    old: Range<usize>,
    /// Where what comes ends.
    new_end: usize,
}

impl<'a> Session<'a> {
    /// No version yet. `name` is the path of the Caddyfile as the user has it; imports come from `loader`, `{$NAME}` from
    /// `env`.
    pub fn new(name: impl Into<String>, env: &'a Env, loader: &'a dyn Loader) -> Self {
        Self { name: name.into(), env, loader, base: None }
    }

    /// What is wrong with this version: the same as for a new session, sooner.
    pub fn update(&mut self, text: &str) -> Findings {
        self.changed(text).unwrap_or_else(|| self.whole(text))
    }

    /// Compiles everything.
    fn whole(&mut self, text: &str) -> Findings {
        let compilation = compile(&self.name, text.as_bytes(), self.env, self.loader);
        let stages = Stages::of(&compilation, &[]);
        let is_site = |block: &&Block| block.kind == BlockKind::Site && !block.keys.is_empty();
        let keys = compilation.blocks.iter().filter(is_site).map(|block| block.keys.clone()).collect();
        let found = Findings { sources: compilation.sources.clone(), diagnostics: stages.clone().in_order() };
        // Whether a block that the file does not close is reported depends on the errors of the whole text.
        let is_closed = stages.compile.iter().all(|found| found.code != Code::BRACES);
        self.base = Some(Base {
            text: text.to_owned(),
            sites: if stages.is_ok && is_closed { sites::of(text, &compilation) } else { Vec::new() },
            sources: compilation.sources,
            stages,
            keys,
            before: None,
        });
        found
    }

    /// Compiles the one site that has changed; `None` when that is not all, or not enough.
    fn changed(&mut self, text: &str) -> Option<Findings> {
        let mut base = self.base.take()?;
        let found = self.compared(&mut base, text);
        self.base = Some(base);
        found
    }

    fn compared(&self, base: &mut Base, text: &str) -> Option<Findings> {
        let change = Change::between(&base.text, text);
        let number = sites::around(&base.sites, &change.old)?;
        let body = &base.sites[number].body;
        if !sites::is_closed(text.get(body.start..change.moved(body.end))?, self.env) {
            return None;
        }
        if base.before.as_ref().is_none_or(|(known, _)| *known != number) {
            let unchanged = Change { old: change.old.clone(), new_end: change.old.end };
            base.before = Some((number, self.alone(base, &base.text, number, &unchanged)?));
        }
        let (_, before) = base.before.as_ref()?;
        let after = self.alone(base, text, number, &change)?;
        if !before.stages.is_ok || !before.fits(&after) {
            return None;
        }
        let sources = base.sources.with_first(text.as_bytes(), self.env);
        let site = &base.sites[number].extent;
        let mut stages = difference::carry_over(&base.stages, &before.stages, &after.stages, site, &change)?;
        if stages.is_ok {
            stages.compile.extend(compile::unformatted(Version::DEFAULT, &sources, FileId::default()));
        }
        Some(Findings { sources, diagnostics: stages.in_order() })
    }
}

impl Stages {
    /// What all stages find. `others` are the addresses of sites that are not in the text.
    fn of(compilation: &Compilation, others: &[Vec<Word>]) -> Self {
        Self {
            is_ok: compilation.is_ok(),
            compile: compilation.diagnostics.clone(),
            check: check::of(compilation, None),
            lint: lint::lint_among(compilation, others, |_| true),
        }
    }

    /// All, by place, code and message.
    fn in_order(self) -> Vec<Diagnostic> {
        let mut all = self.compile;
        all.extend(self.check);
        all.extend(self.lint);
        all.sort_by(|a, b| {
            let place = |found: &Diagnostic| found.primary.as_ref().map(|label| label.span);
            let place = place(a).cmp(&place(b));
            place.then_with(|| a.identity().cmp(&b.identity())).then_with(|| b.severity.cmp(&a.severity))
        });
        all
    }

    /// Without the warning of the layout, which is one for the whole text.
    fn without_layout(mut self) -> Self {
        self.compile.retain(|found| found.code != Code::UNFORMATTED);
        self
    }
}

impl Change {
    fn between(old: &str, new: &str) -> Self {
        let (a, b) = (old.as_bytes(), new.as_bytes());
        let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let rest = a[start..].iter().rev().zip(b[start..].iter().rev());
        let same = rest.take_while(|(a, b)| a == b).count();
        Self { old: start..a.len() - same, new_end: b.len() - same }
    }

    /// Where byte `at` of the old text, behind the change or before it, stands in the new one.
    fn moved(&self, at: usize) -> usize {
        if at >= self.old.end { at - self.old.end + self.new_end } else { at }
    }
}
