//! The redirect of a file server to a folder leads to another host.

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "caddy-issue-8023",
    aliases: &[],
    title: "The redirect of a file server to a folder leads to another host",
    repaired: Repaired::Server,
    first: None,
    fixed_in: None,
    second_fact: None,
    absent: "no file server redirects to canonical addresses",
    witness: "GET `/public/..%2F%5cgithub.com%2F%3f%2F..%2F..`: `Location: /\\github.com/?/../../` in all versions",
    remedy: "`disable_canonical_uris` in `file_server`, or `error` for an original address with `%5c` or a backslash: `@backslash expression {http.request.orig_uri}.matches(\"%5[cC]|\\\\\\\\\")`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("file_server") {
        let has_index = handler.at("index_names").as_array().is_none_or(|names| !names.is_empty());
        if handler.at("canonical_uris").as_bool() != Some(false) && has_index {
            found.push(subject.handler(handler));
        }
    }
}
