//! A `map` destination that is not one placeholder is refused.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "map-destinations",
    title: "A `map` destination that is not one placeholder is refused",
    since: Version::new(2, 11, 7),
    until: None,
    old: "Caddy starts",
    new: "Caddy does not start",
    remedy: "write one placeholder for each destination, such as `{name}`",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("map") {
        let mut names = handler.at("destinations").as_array().into_iter().flatten().filter_map(Value::as_str);
        let is_one = |name: &str| {
            let inner = name.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            inner.is_some_and(|inner| !inner.contains(['{', '}']))
        };
        if names.any(|name| !is_one(name)) {
            found.push(subject.handler(handler));
        }
    }
}
