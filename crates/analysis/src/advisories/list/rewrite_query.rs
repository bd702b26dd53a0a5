//! A `rewrite` to a placeholder followed by a bare `?` replaces placeholders in the query of the client.

use caddyctl_language::Version;

use super::rules;
use crate::handlers::is_client;

use crate::advisories::{Advisory, Check, Edit, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-77281",
    aliases: &["GHSA-j8px-rmrx-76h9"],
    title: "A `rewrite` to a placeholder followed by a bare `?` replaces placeholders in the query of the client",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 4)),
    second_fact: None,
    absent: "no `rewrite` has a placeholder that the client decides before a `?` at the end",
    witness: "`rewrite * /x{header.X-Fwd}?` and `X-Fwd: ?a={env.SECRET}`: the query is the secret; in a repaired version `%7Benv…`",
    remedy: "leave out the `?` at the end",
    dated: "2026-11-30",
    edits: Some(edits),
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all() {
        let Some(path) = rules::target(handler).and_then(|uri| uri.strip_suffix('?')) else { continue };
        if is_client(&subject.handlers, path) {
            found.push(subject.handler(handler));
        }
    }
}

/// Without the `?` at the end.
fn edits(subject: &Subject) -> Vec<Edit> {
    let mut out = Vec::new();
    for handler in subject.handlers.all() {
        let Some(uri) = rules::target(handler).filter(|uri| uri.ends_with('?')) else { continue };
        for span in subject.words(uri) {
            let Some(written) =
                subject.written(span).strip_suffix('?').filter(|written| !written.contains('"'))
            else {
                continue;
            };
            out.push(Edit { span, replacement: written.to_owned() });
        }
    }
    out.sort_by_key(|edit| edit.span);
    out.dedup();
    out
}
