//! Errors of clients are logged at level INFO.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "log-client-errors",
    title: "Errors of clients are logged at level INFO",
    since: Version::new(2, 8, 4),
    until: None,
    old: "responses with 4xx are logged at level ERROR",
    new: "they are logged at level INFO",
    remedy: "let alerts on logs look at the status, not at the level",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        if server.value().get("logs").is_some() {
            found.push(subject.pointer(server.pointer()));
        }
    }
}
