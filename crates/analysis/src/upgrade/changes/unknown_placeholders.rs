//! Unknown placeholders stay in headers of `respond` and `redir`.

use std::collections::HashSet;

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::handlers::scalar_texts;
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "unknown-placeholders",
    title: "Unknown placeholders stay in headers of `respond` and `redir`",
    since: Version::new(2, 11, 7),
    until: None,
    old: "an unknown placeholder becomes nothing",
    new: "it stays as it is written",
    remedy: "remove the placeholder",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let mapped: HashSet<String> = subject
        .handlers
        .named("map")
        .flat_map(|map| {
            let list = map.at("destinations").as_array().into_iter().flatten().filter_map(Value::as_str);
            list.map(|name| name.trim_matches(['{', '}']).to_owned()).collect::<Vec<_>>()
        })
        .collect();
    for handler in subject.handlers.named("static_response") {
        let texts = scalar_texts(handler.at("headers"));
        let names =
            texts.iter().flat_map(|text| text.split('{').skip(1)).filter_map(|rest| rest.split_once('}'));
        let mut names = names.map(|(name, _)| name);
        let is_known =
            |name: &str| mapped.contains(name) || KNOWN.iter().any(|known| name.starts_with(known));
        if names.any(|name| !name.is_empty() && !is_known(name)) {
            found.push(subject.handler(handler));
        }
    }
}

/// How placeholders that Caddy knows begin.
const KNOWN: &[&str] = &["http.", "env.", "system.", "time.", "file.", "tls.", "l4."];
