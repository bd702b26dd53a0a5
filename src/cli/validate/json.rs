//! Caddy's JSON: what Caddy would refuse when it loads it.

use std::path::Path;

use caddyctl_analysis::check::{self, Facts};
use caddyctl_language::compile::Compilation;
use caddyctl_language::config::{Room, read_within};
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::source::{Sources, Span, shown};

use crate::cli::fault::Fault;
use crate::cli::limits::Raise;

/// Whether a file is Caddy's JSON and not a Caddyfile, which may begin with a brace too. A file that Caddy takes for a
/// Caddyfile by its name is one, whatever it contains (measured on Caddy 2.11.7).
pub fn is_json(name: &Path, text: &[u8]) -> bool {
    let ends = |wanted: &str| name.extension().is_some_and(|end| end == wanted);
    let starts = name.file_name().is_some_and(|name| name.to_string_lossy().starts_with("Caddyfile"));
    if ends("json") || ends("caddyfile") || starts {
        return ends("json");
    }
    text.trim_ascii_start().starts_with(b"{")
        && text.trim_ascii_start()[1..].trim_ascii_start().starts_with(b"\"")
        && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

/// What is found in it. Findings name the place in the JSON; lint rules are for Caddyfiles.
pub fn check(
    name: &Path,
    text: &[u8],
    facts: Option<&dyn Facts>,
    raise: Raise,
) -> anyhow::Result<Compilation> {
    let limits = raise.limits();
    let config = read_within(text, Room::of(limits.memory, limits.json_levels()))
        .map_err(|error| Fault::input(format!("{} is not JSON: {error}", shown::path(name))))?;
    let mut sources = Sources::new();
    let file = sources.add_as_written(name.to_string_lossy(), &String::from_utf8_lossy(text));
    let found = check::check_json(&config, facts).into_iter().map(|finding| {
        let message = format!("{} (at `{}`)", finding.message(), finding.pointer);
        let diagnostic = Diagnostic::new(finding.code(), finding.severity(), Span::new(file, 0, 0), message);
        match finding.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    });
    let mut compilation = Compilation::default();
    compilation.diagnostics = found.collect();
    compilation.sources = sources;
    Ok(compilation)
}
