//! A fault in the compiled configuration, and its way back to the Caddyfile.

use std::collections::HashSet;

use crate::config::{Document, span_at};
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

/// The findings as diagnostics of the Caddyfile that `config` was compiled from. Several findings at one place with one
/// message become one.
pub fn diagnostics(findings: &[Finding], config: &Document) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for finding in findings {
        let span = span_at(config, &finding.pointer);
        if !seen.insert((span, finding.severity, finding.code.id, &finding.message, &finding.help)) {
            continue;
        }
        out.push(Diagnostic {
            code: finding.code,
            severity: finding.severity,
            message: finding.message.clone(),
            primary: span.map(|span| Label { span, text: String::new() }),
            secondary: Vec::new(),
            helps: finding.help.iter().cloned().collect(),
            edits: Vec::new(),
            trail: Vec::new(),
            needs: None,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::compile;
    use crate::source::{Env, Memory};

    #[test]
    fn a_place_below_a_route_is_the_routes() {
        let text = b"a.example {\n\t@x path_regexp [a]\n\trespond @x ok\n}\n";
        let compilation = compile("Caddyfile", text, &Env::empty(), &Memory::new(""));
        let config = compilation.config.expect("it compiles");
        let finding = Finding {
            pointer: "/apps/http/servers/srv0/routes/0/handle/0/routes/0/match/0/path_regexp/pattern"
                .to_owned(),
            code: Code::REGEXP,
            severity: Severity::Error,
            message: "the group `(` is never closed".to_owned(),
            help: None,
        };
        let found = diagnostics(&[finding.clone(), finding], &config);
        assert_eq!(found.len(), 1);
        let place = found[0].primary.as_ref().map(|label| compilation.sources.text(label.span));
        assert_eq!(place, Some("respond"));
    }
}
