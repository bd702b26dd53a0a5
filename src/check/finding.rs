//! A fault in the compiled configuration, and its way back to the Caddyfile.

use crate::config::Provenance;
use crate::diagnostics::{Code, Diagnostic, Label, Severity};

/// A fault at a place of the compiled JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place, as an RFC 6901 pointer.
    pub pointer: String,
    /// Which kind of fault.
    pub code: Code,
    /// `Error` when Caddy would refuse the configuration; `Note` for what was not checked.
    pub severity: Severity,
    /// One sentence: what is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The findings as diagnostics of the Caddyfile that the configuration was compiled from. Several findings at one place
/// with one message become one.
pub fn diagnostics(findings: &[Finding], provenance: &Provenance) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    for finding in findings {
        let span = provenance.find(&finding.pointer);
        let diagnostic = Diagnostic {
            code: finding.code,
            severity: finding.severity,
            message: finding.message.clone(),
            primary: span.map(|span| Label { span, text: String::new() }),
            secondary: Vec::new(),
            helps: finding.help.iter().cloned().collect(),
            edits: Vec::new(),
            trail: Vec::new(),
            needs: None,
        };
        if !out.contains(&diagnostic) {
            out.push(diagnostic);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Env, Sources, Span};

    #[test]
    fn a_place_below_a_route_is_the_routes() {
        let mut sources = Sources::new();
        let file = sources.add("Caddyfile", b"a.example {\n\tpath_regexp (\n}\n", &Env::empty());
        let span = Span::new(file, 13, 26);
        let mut provenance = Provenance::default();
        provenance.record("/apps/http/servers/srv0/routes/0", span);
        let finding = Finding {
            pointer: "/apps/http/servers/srv0/routes/0/match/0/path_regexp/pattern".to_owned(),
            code: Code::REGEXP,
            severity: Severity::Error,
            message: "the group `(` is never closed".to_owned(),
            help: None,
        };
        let found = diagnostics(&[finding.clone(), finding], &provenance);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].primary.as_ref().map(|label| label.span), Some(span));
    }
}
