//! The headers of a request may have 16 KiB.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "header-limit",
    title: "The headers of a request may have 16 KiB",
    since: Version::new(2, 11, 7),
    until: None,
    old: "they may have 1 MiB",
    new: "a larger request gets status 431",
    remedy: "set `max_header_size` in the option `servers`",
    second_fact: Some("clients send large cookies or tokens"),
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        if server.value().get("max_header_bytes").is_none() {
            found.push(subject.pointer(server.pointer()));
        }
    }
}
