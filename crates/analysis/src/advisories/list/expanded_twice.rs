//! Placeholders in what the client sends are replaced in captures of `vars_regexp`.

use caddyctl_language::Version;

use crate::handlers::{is_client, scalar_texts};

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-30852",
    aliases: &["GHSA-m2w3-8f23-hxxf"],
    title: "Placeholders in what the client sends are replaced in captures of `vars_regexp`",
    repaired: Repaired::Server,
    first: Some(Version::new(2, 8, 4)),
    fixed_in: Some(Version::new(2, 11, 2)),
    second_fact: None,
    absent: "no `vars_regexp` compares a placeholder that the client decides, whose captures are used",
    witness: "header `X-In: {env.SECRET}`: the response has the secret; in a repaired version the text as it was sent",
    remedy: "use `header_regexp` for a header",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let is_used = subject
        .handlers
        .all()
        .any(|handler| scalar_texts(handler.value()).iter().any(|text| text.contains("{http.regexp.")));
    if !is_used {
        return;
    }
    for (route, matcher) in subject.handlers.matchers("vars_regexp") {
        let mut keys = matcher.value.as_object().into_iter().flatten().map(|(key, _)| key);
        if keys.any(|key| key.starts_with('{') && is_client(&subject.handlers, key)) {
            found.push(subject.pointer(route.pointer()));
        }
    }
}
