//! Request headers with `_` in their names are dropped.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "underscore-headers",
    title: "Request headers with `_` in their names are dropped",
    since: Version::new(2, 11, 4),
    until: None,
    old: "upstreams get them",
    new: "upstreams do not get them; from Caddy 2.11.7 on the option `expected_underscore_headers` lets some pass",
    remedy: "name them in `expected_underscore_headers` of the option `servers`, which Caddy 2.11.7 knows; until then `-` in place of `_`",
    second_fact: Some("clients send headers such as `app_id`, or gRPC metadata with `_`"),
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("reverse_proxy") {
        if handler.route().of_server().texts("expected_underscore_headers").is_empty() {
            found.push(subject.handler(handler));
        }
    }
}
