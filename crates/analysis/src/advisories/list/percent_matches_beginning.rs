//! A `path` matcher with `%` and without `*` at the end also takes longer paths.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "path-percent-beginning",
    aliases: &[],
    title: "A `path` matcher with `%` and without `*` at the end also takes longer paths",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: None,
    absent: "no `path` matcher has an entry with `%` and without `*` at its end",
    witness: "`/pub%2flist` is allowed, and GET `/pub%2flistSECRET` gets 200; a repaired version refuses with 403",
    remedy: "use `path_regexp` with the decoded path, such as `path_regexp ^/pub/list$`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for route in subject.handlers.routes() {
        let mut entries = route.matchers().into_iter().flat_map(rules::paths);
        if entries.any(|entry| entry.contains('%') && !entry.ends_with('*')) {
            found.push(subject.pointer(route.pointer()));
        }
    }
}
