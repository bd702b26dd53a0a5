//! Clients have one minute to send the headers of a request.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "read-header-timeout",
    title: "Clients have one minute to send the headers of a request",
    since: Version::new(2, 9, 0),
    until: None,
    old: "a client may take any time",
    new: "the connection is closed after a minute",
    remedy: "set `read_header` in the block `timeouts` of the option `servers`",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        if server.value().get("read_header_timeout").is_none() {
            found.push(subject.pointer(server.pointer()));
        }
    }
}
