//! Placeholders in a variable of the client are replaced when `vars_regexp` names the variable.

use caddyctl_language::Version;

use crate::handlers::is_client;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-30852-names",
    aliases: &["GHSA-m2w3-8f23-hxxf"],
    title: "Placeholders in a variable of the client are replaced when `vars_regexp` names the variable",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 3)),
    second_fact: None,
    absent: "no `vars_regexp` compares a variable that `vars` sets to what the client sends",
    witness: "`vars in {header.X-In}` and header `X-In: {env.SECRET}`: the response has the secret; in a repaired version the text as it was sent",
    remedy: "use `header_regexp` for a header",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (route, matcher) in subject.handlers.matchers("vars_regexp") {
        let mut keys = matcher.value.as_object().into_iter().flatten().map(|(key, _)| key);
        let is_sent = |key: &String| is_client(&subject.handlers, &format!("{{http.vars.{key}}}"));
        if keys.any(|key| !key.starts_with('{') && is_sent(key)) {
            found.push(subject.pointer(route.pointer()));
        }
    }
}
