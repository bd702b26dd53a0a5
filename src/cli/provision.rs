//! What Caddy would find only when it provisions the configuration, added to what compiling found.

use caddyctl::check::{self, Facts};
use caddyctl::compile::Compilation;
use caddyctl::diagnostics::Severity;

/// Adds the faults that [`check::check`] finds in the compiled configuration, in the order of the text. Of a file that
/// does not compile, what could be made of it is checked, so that one run shows the faults of both kinds.
pub fn check(compilation: &mut Compilation, facts: Option<&dyn Facts>) {
    let Some(config) = compilation.checkable() else { return };
    let mut findings = check::check(&config, facts);
    if !compilation.is_ok() {
        findings
            .retain(|finding| finding.severity == Severity::Error && compilation.is_whole(&finding.pointer));
    }
    let found = check::diagnostics(&findings, &config, compilation);
    if found.is_empty() {
        return;
    }
    compilation.diagnostics.extend(found);
    compilation
        .diagnostics
        .sort_by_key(|found| found.primary.as_ref().map(|label| (label.span.file, label.span.start)));
}
