//! A request that declares a body over `max_size` gets status 413 at once.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "declared-size",
    title: "A request that declares a body over `max_size` gets status 413 at once",
    since: Version::new(2, 11, 8),
    until: None,
    old: "Caddy reads up to the limit first",
    new: "the request is refused before its body is read",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("request_body") {
        if handler.at("max_size").as_f64().is_some_and(|size| size > 0.0) {
            found.push(subject.handler(handler));
        }
    }
}
