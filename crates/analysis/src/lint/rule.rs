//! A rule as data.

use super::file::File;
use super::seen::{Lint, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

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
    pub(crate) check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Each site and named route by itself, and each global option.
    Each(fn(&Lint, &mut Vec<Diagnostic>)),
    /// Sites compared with each other.
    Whole(fn(&Whole, &mut Vec<Diagnostic>)),
}

impl Rule {
    /// A finding of this rule at `word`.
    pub(crate) fn finding(&self, file: &File, word: &Word, message: impl Into<String>) -> Diagnostic {
        file.place(Diagnostic::new(self.code, self.severity, word.span, message), word)
    }
}
