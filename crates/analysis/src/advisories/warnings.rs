//! Advisories among the other findings in a Caddyfile.

use caddyctl_language::Version;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::Diagnostic;

use super::subject::Subject;
use super::{format, verdict};

/// The advisories that concern a Caddyfile on this version of Caddy: certain ones as warnings, possible ones as notes. What no version
/// repairs is left out, because an upgrade does not help.
pub fn warnings(compilation: &Compilation, version: Version) -> Vec<Diagnostic> {
    let Some(config) = compilation.value() else { return Vec::new() };
    let mut verdicts = verdict::of(&Subject::of_compilation(compilation, &config), Some(version));
    verdicts.retain(|verdict| verdict.advisory.fixed_in.is_some());
    format::diagnostics(&verdicts, &compilation.sources)
}
