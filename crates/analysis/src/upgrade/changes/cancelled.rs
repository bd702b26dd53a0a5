//! Requests that the client cancelled are logged with status 499.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "log-cancelled",
    title: "Requests that the client cancelled are logged with status 499",
    since: Version::new(2, 11, 7),
    until: None,
    old: "they have another status",
    new: "they have status 499",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        if server.value().get("logs").is_some() {
            found.push(subject.pointer(server.pointer()));
        }
    }
}
