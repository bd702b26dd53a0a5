//! What a directive sees while it is lowered, and what it gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;

use super::Options;
use super::directive::{Registry, Unknown};
use super::faults::{Faults, Misplaced};
use super::setting::{Bind, CustomLog, TlsSetting};
use crate::config::{Authority, CertificateSelection, MatcherSet, Route, json};
use crate::diagnostics::{Code, Diagnostic, Subject};
use crate::expand::Frames;
use crate::source::limits::grouped;
use crate::source::{Limits, Loader, Span};
use crate::spec::{Additions, Cursor, Fault, Known, Parsed, Suggestions, Text, value};
use crate::syntax::Word;
use crate::version::Version;

/// What a directive gives to the site that it stands in.
#[derive(Clone, Debug)]
pub(crate) enum Lowered {
    /// A route.
    Route(Route),
    /// Routes that stay together, in this order.
    Routes(Vec<Route>),
    /// Routes for errors.
    ErrorRoutes(Vec<Route>),
    /// Where the site listens.
    Bind(Bind),
    /// A log.
    Log(Box<CustomLog>),
    /// A setting of the site's certificates or connections.
    Tls(TlsSetting),
    /// A certificate authority that must exist.
    Authority(String, Box<Authority>),
}

/// What one directive gave, under the name that it is sorted by.
#[derive(Clone, Debug)]
pub(crate) struct Directed {
    /// The directive; `handle_path` counts as `handle`.
    pub directive: Text,
    /// Its name in the text.
    pub span: Span,
    /// The import that brought it; see [`Word::frame`](crate::syntax::Word::frame).
    pub frame: u32,
    /// What it gave.
    pub lowered: Lowered,
}

/// What is shared by everything that is lowered.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The directives there are.
    pub directives: Arc<Registry>,
    /// The matchers and modules that the stock build does not have.
    pub additions: Option<Arc<Additions>>,
    frames: Frames,
    faults: Faults,
    misplaced: Misplaced,
    /// The next number of a `groupN`.
    pub groups: usize,
    /// The next number of a `logN`.
    logs: usize,
    /// The last numbers of what plugins count, by what it is.
    numbers: BTreeMap<&'static str, i64>,
    /// Tags of loaded certificates, by the certificate's path.
    certificate_tags: BTreeMap<String, String>,
    /// How much may stand for more than itself.
    pub limits: Limits,
    /// How many upstreams ranges of ports have stood for.
    pub ports: usize,
    /// How many values have been repeated.
    values: usize,
    /// Named routes that the current directive invokes, with the word that does.
    pub invoked: BTreeMap<String, Word>,
    /// What was read from files outside the project and stands in the configuration.
    pub kept_back: Vec<String>,
}

impl State {
    /// Nothing lowered yet.
    pub(crate) fn new(frames: Frames, diagnostics: Vec<Diagnostic>) -> Self {
        let misplaced = Misplaced::among(&diagnostics);
        Self { frames, faults: Faults::new(diagnostics), misplaced, ..Self::default() }
    }

    /// The matchers and modules that the stock build does not have, as cursors carry them.
    pub(crate) fn known(&self) -> Option<Arc<dyn Known>> {
        self.additions.clone().map(|additions| additions as Arc<dyn Known>)
    }

    /// The version of Caddy whose reading counts.
    pub(crate) fn version(&self) -> Version {
        self.directives.version()
    }

    /// Before the first of `words`, with what is known here.
    pub(crate) fn cursor<'w>(&self, words: &'w [Word]) -> Cursor<'w> {
        Cursor::new(words).with(self.known()).of(self.version())
    }

    /// Records a fault, with the imports that brought its words.
    pub(crate) fn report(&mut self, fault: Fault) {
        let mut diagnostic = *fault.diagnostic;
        diagnostic.trail = self.frames.trail(fault.frame);
        self.faults.push(diagnostic);
    }

    /// Counts so many values that stand for more than themselves. `what` has them, as a message says it of `word`.
    ///
    /// # Errors
    ///
    /// There are more than [`Limits::values`].
    pub(crate) fn repeat(&mut self, values: usize, word: &Word, what: &str) -> Parsed<()> {
        self.values = self.values.saturating_add(values);
        if self.values <= self.limits.values {
            return Ok(());
        }
        Err(value::multiplied(word, what, &grouped(self.limits.values)))
    }

    /// Records a fault that several listeners may have in common.
    pub(crate) fn report_once(&mut self, fault: Fault) {
        if !self.faults.has(&fault.diagnostic) {
            self.report(fault);
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        self.faults.as_slice()
    }

    /// Whether there has been an error.
    pub(crate) fn failed(&self) -> bool {
        self.diagnostics().iter().any(Diagnostic::is_error)
    }

    /// Whether a matcher of this name stands outside of all sites, which is a fault already.
    pub(crate) fn has_misplaced_matcher(&self, name: &str) -> bool {
        self.misplaced.has(name)
    }

    /// How many errors there have been.
    pub(crate) fn failures(&self) -> usize {
        self.diagnostics().iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    /// Whether there has been an error of one of these kinds.
    pub(crate) fn has_failed_with(&self, codes: &[Code]) -> bool {
        self.diagnostics().iter().any(|diagnostic| diagnostic.is_error() && codes.contains(&diagnostic.code))
    }

    /// Whether blocks, imports and quotes are in order, so that what stands where can be relied on. Something to import
    /// may be missing, but imports may not go in circles.
    pub(crate) fn has_sound_structure(&self) -> bool {
        let structure = [Code::BRACES, Code::HEREDOC, Code::EMPTY_INPUT, Code::IMPORT];
        let mut faults =
            self.diagnostics().iter().filter(|fault| fault.is_error() && structure.contains(&fault.code));
        faults.all(|fault| fault.subject == Subject::MissingImport)
    }

    /// The next group name.
    pub(crate) fn next_group(&mut self) -> String {
        let name = format!("group{}", self.groups);
        self.groups += 1;
        name
    }

    /// The next name of a log.
    pub(crate) fn next_log(&mut self) -> String {
        let name = format!("log{}", self.logs);
        self.logs += 1;
        name
    }

    /// The next number, from 1, of what a plugin counts.
    pub(crate) fn next_number(&mut self, what: &'static str) -> i64 {
        let number = self.numbers.entry(what).or_default();
        *number += 1;
        *number
    }

    /// The tag of the certificate at `path`, and whether it is new: a certificate is loaded once.
    pub(crate) fn certificate_tag(&mut self, path: &str) -> (String, bool) {
        if let Some(known) = self.certificate_tags.get(path) {
            return (known.clone(), false);
        }
        let tag = format!("cert{}", self.certificate_tags.len());
        self.certificate_tags.insert(path.to_owned(), tag.clone());
        (tag, true)
    }

    /// All faults, and the trail of imports.
    pub(crate) fn into_parts(self) -> (Vec<Diagnostic>, Frames) {
        (self.faults.into_vec(), self.frames)
    }
}

/// What a directive sees while it is lowered.
pub(crate) struct Scope<'a> {
    /// The directives there are.
    pub directives: Arc<Registry>,
    /// The fault of a name that is none of them.
    pub unknown: Unknown,
    /// The global options.
    pub options: &'a Options,
    /// What is shared.
    pub state: &'a mut State,
    /// The named matchers of this block and those around it, with their `@`. `None` for one that is at fault, so that
    /// its use brings no further fault.
    pub matchers: BTreeMap<EcoString, Option<MatcherSet>>,
    /// What may be meant by names that are not among them.
    pub suggestions: Suggestions,
    /// The names of the files that the site's words come from, sorted.
    pub files: &'a [String],
    /// Where files are read from (`trusted_ca_cert_file`).
    pub loader: &'a dyn Loader,
}

impl Scope<'_> {
    /// Records a fault and goes on.
    pub(crate) fn report(&mut self, fault: Fault) {
        self.state.report(fault);
    }

    /// Records a warning at `word`.
    pub(crate) fn warn(
        &mut self,
        code: Code,
        word: &Word,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::warning(code, word.span, message).help(help);
        self.state.report(Fault { diagnostic: Box::new(diagnostic), frame: word.frame });
    }

    /// The matcher that `word` is: `*`, a path, or a named matcher. `None` for every request.
    fn matcher(&mut self, word: &Word) -> Parsed<Option<MatcherSet>> {
        let text = word.text.as_str();
        if text == "*" {
            return Ok(None);
        }
        if text.starts_with('/') {
            return Ok(Some(MatcherSet::of("path", json!([text]))));
        }
        if let Some(set) = self.matchers.get(text) {
            let values = set.as_ref().map_or(0, MatcherSet::weight);
            self.state.repeat(values, word, "the matchers that are used have")?;
            return Ok(set.clone());
        }
        if self.state.has_misplaced_matcher(text) {
            return Ok(None);
        }
        let whole = self.matchers.iter().filter(|(_, set)| set.is_some());
        let near = self.suggestions.near(text, whole.map(|(name, _)| name.as_str()));
        let fault = Fault::new(Code::MATCHER, word, format!("unknown matcher `{text}`"));
        Err(match near {
            Some(near) => fault.suggest(word, Some(near)),
            None => fault.help(format!("define it in this block or one around it: `{text} path /api/*`")),
        })
    }

    /// Takes the matcher out of a directive's words, if its first argument is one. The cursor is before the name, and
    /// is so again afterwards.
    pub(crate) fn take_matcher(&mut self, cursor: &mut Cursor) -> Option<MatcherSet> {
        cursor.reset();
        cursor.next();
        if cursor.next_arg() && is_matcher(cursor.word()) {
            let word = cursor.word().clone();
            let matcher = self.matcher(&word);
            *cursor = cursor.without_second();
            // What else is at fault in the directive is read as if it had no matcher.
            return matcher.unwrap_or_else(|fault| {
                self.report(fault);
                None
            });
        }
        cursor.reset();
        None
    }

    /// The same for a directive of which only the name is known: a first argument that names no matcher may be anything.
    pub(crate) fn take_defined_matcher(&mut self, cursor: &mut Cursor) -> Option<MatcherSet> {
        cursor.reset();
        cursor.next();
        let is_defined = cursor.next_arg()
            && (!cursor.text().starts_with('@') || self.matchers.contains_key(&cursor.word().text));
        if is_defined {
            return self.take_matcher(cursor);
        }
        cursor.reset();
        None
    }

    /// Gives the routes of `lowered` one group, if they are two or more.
    pub(crate) fn group_routes(&mut self, lowered: &mut [Lowered]) {
        let routes =
            lowered.iter_mut().filter_map(|l| if let Lowered::Route(route) = l { Some(route) } else { None });
        let mut routes: Vec<_> = routes.collect();
        if routes.len() < 2 {
            return;
        }
        let group = self.state.next_group();
        for route in &mut routes {
            route.group = Some(group.clone());
        }
    }
}

/// Whether the first argument of a directive is a matcher: `*`, a path, or the name of one.
fn is_matcher(word: &Word) -> bool {
    word.text == "*" || word.text.starts_with(['/', '@'])
}

/// A selection by one tag.
impl CertificateSelection {
    /// Certificates with this tag.
    pub(crate) fn with_tag(tag: String) -> Self {
        Self { any_tag: vec![tag] }
    }
}
