//! A fault found while reading a directive, before it has its trail of imports.

pub(crate) mod arguments;
pub(crate) mod conflict;
pub(crate) mod older;
pub(crate) mod value;

use super::plugin::Plugin;
use crate::diagnostics::{Applicability, Code, Diagnostic, Subject};
use crate::syntax::Word;

/// A fault at a word. [`crate::lower::Scope::report`] gives it the trail of imports that brought the word.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The fault.
    pub(crate) diagnostic: Box<Diagnostic>,
    /// The import that brought the word; see [`Word::frame`].
    pub(crate) frame: u32,
}

/// What reading gives: a value, or the fault that stopped it.
pub(crate) type Parsed<T> = Result<T, Fault>;

impl Fault {
    /// An error at `word`.
    pub(crate) fn new(code: Code, word: &Word, message: impl Into<String>) -> Self {
        Self::at(word, Diagnostic::error(code, word.span, message))
    }

    /// As `diagnostic` says, at `word`.
    pub(crate) fn at(word: &Word, diagnostic: Diagnostic) -> Self {
        Self { diagnostic: Box::new(diagnostic), frame: word.frame }
    }

    /// Something that may be given once is given twice; `what` is named as in the text, or by a noun with its article.
    pub(crate) fn repeated(word: &Word, what: impl std::fmt::Display) -> Self {
        Self::new(Code::REPEATED, word, format!("{what} is given twice")).help("keep one of them")
    }

    /// Words under the place.
    #[must_use]
    pub(crate) fn label(self, text: impl Into<String>) -> Self {
        self.map(|diagnostic| diagnostic.label(text))
    }

    /// What to do about it, one line.
    #[must_use]
    pub(crate) fn help(self, text: impl Into<String>) -> Self {
        self.map(|diagnostic| diagnostic.help(text))
    }

    /// Another place that matters.
    #[must_use]
    pub(crate) fn also(self, word: &Word, text: impl Into<String>) -> Self {
        self.map(|diagnostic| diagnostic.also(word.span, text))
    }

    /// "did you mean `near`?", with the edit, when there is a near name.
    #[must_use]
    pub(crate) fn suggest(self, word: &Word, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.map(|diagnostic| {
                diagnostic.help(format!("did you mean `{near}`?")).edit(word.span, near, Applicability::Guess)
            }),
            None => self,
        }
    }

    /// The word is to be `replacement`.
    #[must_use]
    pub(crate) fn edit(self, word: &Word, replacement: &str) -> Self {
        self.map(|diagnostic| diagnostic.edit(word.span, replacement, true))
    }

    /// The edits are a proposal, which may mean something else than what stands there.
    #[must_use]
    pub(crate) fn into_proposal(self) -> Self {
        self.map(|mut diagnostic| {
            diagnostic.edits.iter_mut().for_each(|edit| edit.applicability = Applicability::Unsafe);
            diagnostic
        })
    }

    /// A limit of ours was met; the help names the option that raises it.
    #[must_use]
    pub fn over_limit(self) -> Self {
        self.map(Diagnostic::over_limit)
    }

    /// What it is about.
    #[must_use]
    pub(crate) fn about(self, subject: Subject) -> Self {
        self.map(|diagnostic| diagnostic.about(subject))
    }

    /// The plugin that would make this no fault.
    #[must_use]
    pub(crate) fn plugin(self, plugin: &Plugin) -> Self {
        self.map(|diagnostic| {
            let diagnostic = Diagnostic { needs: Some(plugin.module), ..diagnostic };
            plugin.helps().into_iter().fold(diagnostic, Diagnostic::help)
        })
    }

    fn map(mut self, change: impl FnOnce(Diagnostic) -> Diagnostic) -> Self {
        *self.diagnostic = change(*self.diagnostic);
        self
    }
}
