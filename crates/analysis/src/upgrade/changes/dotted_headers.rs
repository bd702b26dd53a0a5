//! Request headers with `.` in their names are dropped.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "dotted-headers",
    title: "Request headers with `.` in their names are dropped",
    since: Version::new(2, 11, 7),
    until: None,
    old: "upstreams get them",
    new: "upstreams do not get them",
    remedy: "name them in `expected_dot_headers` of the option `servers`",
    second_fact: Some("clients send headers with `.` in their names"),
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("reverse_proxy") {
        if handler.route().of_server().texts("expected_dot_headers").is_empty() {
            found.push(subject.handler(handler));
        }
    }
}
