//! Directives that have been renamed.

use crate::diagnostics::{Code, Diagnostic};
use crate::lower::Scope;
use crate::spec::Fault;
use crate::syntax::Word;

/// Warns of a directive's old name, with the edit that fixes it.
pub(super) fn renamed(scope: &mut Scope, name: &Word, new: &str) {
    let message = format!("`{}` is the old name of `{new}`", name.text);
    let diagnostic = Diagnostic::warning(Code::DEPRECATED, name.span, message)
        .help(format!("write `{new}`"))
        .edit(name.span, new, true);
    scope.report(Fault { diagnostic: Box::new(diagnostic), frame: name.frame });
}
