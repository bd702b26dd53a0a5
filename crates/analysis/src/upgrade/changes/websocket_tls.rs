//! `WebSockets` to TLS upstreams that speak HTTP/2 fail.

use caddyctl_language::Version;

use crate::advisories::rules;
use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "websocket-to-tls-upstream",
    title: "WebSockets to TLS upstreams that speak HTTP/2 fail",
    since: Version::new(2, 10, 2),
    until: Some(Version::new(2, 11, 1)),
    old: "WebSockets reach the upstream over HTTP/1.1",
    new: "they fail with `invalid Upgrade request header`",
    remedy: "write `versions 1.1` into the block of `transport http`",
    second_fact: Some("the upstream speaks WebSocket and HTTP/2"),
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all().filter(|handler| rules::is_http_proxy(*handler)) {
        let transport = handler.at("transport");
        if transport.get("tls").is_some() && transport.get("versions").is_none() {
            found.push(subject.handler(handler));
        }
    }
}
