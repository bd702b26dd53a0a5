//! Precompressed files are sent with status 206.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "precompressed-partial",
    title: "Precompressed files are sent with status 206",
    since: Version::new(2, 10, 1),
    until: Some(Version::new(2, 11, 1)),
    old: "a precompressed file has status 200",
    new: "it has status 206, which some clients refuse",
    remedy: "leave out `precompressed`, or skip Caddy 2.10.2",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("file_server") {
        if handler.at("precompressed").is_object() {
            found.push(subject.handler(handler));
        }
    }
}
