//! Stripping a prefix in the middle of a segment leaves a path that begins with `..`.

use caddyctl_language::Version;
use serde_json::Value;

use super::rules;
use crate::handlers::Matcher;

use crate::advisories::{Advisory, Check, Edit, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "strip-prefix-dots",
    aliases: &[],
    title: "Stripping a prefix in the middle of a segment leaves a path that begins with `..`",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: None,
    absent: "no prefix is stripped, or only below the prefix and a slash",
    witness: "`handle_path /pub*` with a rule for `/admin*` inside: GET `/pub../admin` reaches the upstream as `../admin`; a repaired version refuses with 403",
    remedy: "write a slash, such as `handle_path /pub/*`",
    dated: "2026-11-30",
    edits: Some(edits),
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("rewrite") {
        let Some(prefix) = handler.at("strip_path_prefix").as_str() else { continue };
        if prefix.is_empty() || prefix.ends_with('/') {
            continue;
        }
        let prefix = format!("/{}", prefix.trim_start_matches('/')).to_lowercase();
        if !handler.route().around().iter().any(|route| is_below(&route.matchers(), &prefix)) {
            found.push(subject.handler(handler));
        }
    }
}

/// Whether all requests of a route have the prefix itself as their path, or the prefix and a slash.
fn is_below(matchers: &[Matcher], prefix: &str) -> bool {
    let fits = |entry: &str| {
        let entry = entry.to_lowercase();
        entry.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    matchers.iter().filter(|matcher| !matcher.is_negated).any(|matcher| match matcher.name {
        "path" => matcher.texts().next().is_some() && matcher.texts().all(fits),
        "path_regexp" => {
            let pattern = matcher.value.get("pattern").and_then(Value::as_str).unwrap_or_default();
            pattern.strip_prefix('^').is_some_and(fits)
        }
        "expression" => {
            let entries = rules::paths(*matcher);
            !entries.is_empty() && entries.into_iter().all(fits)
        }
        _ => false,
    })
}

/// A slash before the `*` of `handle_path`.
fn edits(subject: &Subject) -> Vec<Edit> {
    let mut out = Vec::new();
    for directive in subject.directives().filter(|directive| directive.is("handle_path")) {
        let Some(word) = directive.matcher() else { continue };
        let written = subject.written(word.span);
        let Some(prefix) =
            written.strip_suffix('*').filter(|prefix| *written == word.text && !prefix.ends_with('/'))
        else {
            continue;
        };
        out.push(Edit { span: word.span, replacement: format!("{prefix}/*") });
    }
    out.sort_by_key(|edit| edit.span);
    out.dedup();
    out
}
