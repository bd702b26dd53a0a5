//! `caddyctl.toml`, which may be a link to a file that has nothing to do with caddyctl: an error quotes nothing.

use std::path::Path;

use caddyctl_analysis::lint;
use caddyctl_analysis::settings::Settings;
use caddyctl_language::diagnostics::{Diagnostic, Severity};
use caddyctl_language::source::Span;

use super::output;

/// Reads settings, and asks them about every rule.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let settings = match Settings::parse(&text) {
        Ok(settings) => settings.lint,
        Err(error) => return output::quotes_nothing(&error.to_string(), &text),
    };
    let _ = settings.left_out();
    for rule in lint::all() {
        let _ = settings.selects(rule);
        let mut finding = Diagnostic::new(rule.code, Severity::Warning, Span::default(), "x");
        settings.weigh(&mut finding);
        for path in ["Caddyfile", "a/b/c.caddyfile", ""] {
            let _ = settings.keeps(&finding, Some(Path::new(path)));
        }
    }
}
