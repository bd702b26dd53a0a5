//! An error, warning or note as a value: a code, a severity, a message, locations, helps and edits.

use ecow::EcoString;

use super::Code;
use super::length::limited;
use super::opaque::Opaque;
use crate::source::{Limits, Span};

/// How bad it is. Ordered: `Note < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a run by itself.
    Note,
    /// Caddy accepts it, and it is probably not what was meant.
    Warning,
    /// Caddy would refuse it.
    Error,
}

/// A location, and what is written under it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A few words printed under the place; may be empty.
    pub text: String,
}

impl Label {
    /// The location alone.
    pub fn at(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

/// One step of the trail that brought a text to where it is used: an `import` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The `import` directive.
    pub span: Span,
    /// What it imports: `snippet` `name`, or a file.
    pub what: String,
}

/// Who may carry out an edit. Ordered: `Safe < Unsafe < Guess`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// It keeps the meaning, or nothing else can have been meant: `--fix` carries it out.
    Safe,
    /// It may change the meaning, as the finding says: `--unsafe-fixes` carries it out.
    Unsafe,
    /// A name that looks like the one in the text ("did you mean"). Only a person may choose it.
    Guess,
}

impl From<bool> for Applicability {
    /// Safe or unsafe.
    fn from(safe: bool) -> Self {
        if safe { Self::Safe } else { Self::Unsafe }
    }
}

/// A concrete edit: the text of `span` replaced by `replacement`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub replacement: String,
    /// Who may carry it out.
    pub applicability: Applicability,
}

impl Edit {
    /// Whether `--fix` carries it out.
    pub fn is_safe(&self) -> bool {
        self.applicability == Applicability::Safe
    }
}

/// What a diagnostic is about, where code has to know: messages are for people, and may be reworded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// Nothing that other code asks for.
    #[default]
    Other,
    /// An import whose snippet or file is missing. The structure of the text is sound all the same.
    MissingImport,
    /// A `}` that closes no block.
    ExtraBrace,
    /// A word that the block of this name does not have.
    UnknownWord(EcoString),
    /// A limit of ours, which Caddy does not have.
    Limit,
    /// A matcher, with its `@`, that is defined outside of all sites.
    MisplacedMatcher(EcoString),
    /// A word of which only the name is known.
    Opaque(Box<Opaque>),
}

/// The most bytes that an edit writes.
const LONGEST_EDIT: usize = 4_000;

/// A fault in the user's text, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which kind of fault.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// One sentence, lower case, without a final stop: what is wrong. Long words in it are cut.
    pub message: String,
    /// The exact words at fault; `None` only for faults of the whole input (an empty file).
    pub primary: Option<Label>,
    /// Other places that matter: the first definition, the block that was opened.
    pub secondary: Vec<Label>,
    /// What was expected, or what to do; each one line.
    pub helps: Vec<String>,
    /// Edits that fix it.
    pub edits: Vec<Edit>,
    /// The imports that brought the text here, innermost first.
    pub trail: Vec<Frame>,
    /// The module, as `caddy list-modules` prints it, without which this is a fault, and with which it is none.
    pub needs: Option<&'static str>,
    /// What it is about.
    pub subject: Subject,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message)
    }

    /// A warning at `span`.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message)
    }

    /// A fault of any severity at `span`.
    pub fn new(code: Code, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: limited(message.into()),
            primary: Some(Label::at(span)),
            secondary: Vec::new(),
            helps: Vec::new(),
            edits: Vec::new(),
            trail: Vec::new(),
            needs: None,
            subject: Subject::Other,
        }
    }

    /// The same with another severity.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Words under the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = limited(text.into());
        }
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: limited(text.into()) });
        self
    }

    /// What to do about it, one line.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(limited(text.into()));
        self
    }

    /// An edit that fixes it. None is offered whose text is too long to be looked at.
    #[must_use]
    pub fn edit(
        mut self,
        span: Span,
        replacement: impl Into<String>,
        applicability: impl Into<Applicability>,
    ) -> Self {
        let (replacement, applicability) = (replacement.into(), applicability.into());
        if replacement.len() <= LONGEST_EDIT {
            self.edits.push(Edit { span, replacement, applicability });
        }
        self
    }

    /// A limit of ours was met; the help names the option that raises it.
    #[must_use]
    pub fn over_limit(self) -> Self {
        self.help(Limits::HELP).about(Subject::Limit)
    }

    /// What it is about.
    #[must_use]
    pub(crate) fn about(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    /// What distinguishes it from other findings at its location: of two that are equal in this, one is a repetition.
    pub fn identity(&self) -> (Code, &str) {
        (self.code, &self.message)
    }

    /// Whether this fault makes Caddy refuse the file.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
