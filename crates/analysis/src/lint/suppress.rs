//! `# caddyctl: allow CODE reason`: findings that the user has looked at.

use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::source::Sources;

/// Whether a comment on the finding's line, or on a comment line above it, allows it.
pub(super) fn is_allowed(finding: &Diagnostic, sources: &Sources) -> bool {
    let Some(label) = &finding.primary else { return false };
    let file = sources.file(label.span.file);
    let line = sources.position(label.span).line;
    if allows(file.line(line), finding) {
        return true;
    }
    let mut above = line;
    while above > 1 && file.line(above - 1).trim_start().starts_with('#') {
        above -= 1;
        if allows(file.line(above), finding) {
            return true;
        }
    }
    false
}

/// Whether a line has a comment that names the finding's code, or its name, among those it allows.
fn allows(line: &str, finding: &Diagnostic) -> bool {
    let Some((_, comment)) = line.split_once('#') else { return false };
    let Some(rest) = comment.trim_start().strip_prefix("caddyctl: allow ") else { return false };
    let mut codes = rest.split([' ', ',']).take_while(|word| !word.is_empty());
    codes.next().is_some_and(|first| {
        std::iter::once(first).chain(codes).any(|code| code == finding.code.id || code == finding.code.name)
    })
}
