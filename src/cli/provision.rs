//! What Caddy would find only when it provisions the configuration, added to what compiling found.

use caddyctl::check::{self, Facts};
use caddyctl::compile::Compilation;

/// Adds the faults that [`check::check`] finds in the compiled configuration, in the order of the text. A file that
/// does not compile has nothing to check.
pub fn check(compilation: &mut Compilation, facts: Option<&dyn Facts>) {
    let Some(config) = &compilation.config else { return };
    let found = check::diagnostics(&check::check(config, facts), config);
    if found.is_empty() {
        return;
    }
    compilation.diagnostics.extend(found);
    compilation
        .diagnostics
        .sort_by_key(|found| found.primary.as_ref().map(|label| (label.span.file, label.span.start)));
}
