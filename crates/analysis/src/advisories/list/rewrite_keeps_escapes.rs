//! A `rewrite` to a fixed path keeps the escaped path that the client sent.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "rewrite-keeps-escapes",
    aliases: &[],
    title: "A `rewrite` to a fixed path keeps the escaped path that the client sent",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 2)),
    second_fact: None,
    absent: "no `rewrite` to a fixed path comes before a proxy or a `path` matcher with `%`",
    witness: "`rewrite * /a/b` and GET `/a%2fb`: the upstream gets `/a%2fb`; from a repaired version `/a/b`",
    remedy: "refuse the escape: `@escaped expression {http.request.orig_uri}.matches(\"%2[fF]\")` and `error @escaped 400`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let escaped = subject.handlers.routes().filter(|route| {
        let mut entries = route.matchers().into_iter().flat_map(rules::paths);
        entries.any(|entry| entry.contains('%'))
    });
    let ends =
        subject.handlers.named("reverse_proxy").chain(escaped.filter_map(|route| route.handlers().next()));
    for end in ends {
        for handler in end.before().into_iter().filter(|handler| handler.is("rewrite")) {
            let path = rules::target(handler).map(|uri| uri.split(['?', '#']).next().unwrap_or_default());
            if path.is_some_and(|path| path.starts_with('/') && !path.contains('{')) {
                found.push(subject.handler(handler));
            }
        }
    }
}
