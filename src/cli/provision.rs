//! What Caddy would find only when it provisions the configuration, added to what compiling found.

use caddyctl_analysis::check::{self, Facts};
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::Diagnostic;

/// Adds the faults that [`check::of`] finds in the compiled configuration, in the order of the text. Of a file that
/// does not compile, what could be made of it is checked, so that one run shows the faults of both kinds.
pub fn check(compilation: &mut Compilation, facts: Option<&dyn Facts>) {
    add(check::of(compilation, facts), compilation);
}

/// Adds what [`check::of`] found, in the order of the text.
pub fn add(found: Vec<Diagnostic>, compilation: &mut Compilation) {
    if found.is_empty() {
        return;
    }
    compilation.diagnostics.extend(found);
    compilation
        .diagnostics
        .sort_by_key(|found| found.primary.as_ref().map(|label| (label.span.file, label.span.start)));
}
