//! An upload that stalls is cut after a minute.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "stalled-upload",
    title: "An upload that stalls is cut after a minute",
    since: Version::new(2, 11, 7),
    until: None,
    old: "a client may pause for any time",
    new: "the connection is closed after a minute without data; WebSockets and event streams are not concerned",
    remedy: "set `read_body_idle` in the block `timeouts` of the option `servers`",
    second_fact: Some("clients pause in uploads"),
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        if server.value().get("read_idle_timeout").is_none() {
            found.push(subject.pointer(server.pointer()));
        }
    }
}
