//! `WebSockets` over HTTP/2 are passed on to upstreams.

use caddyctl_language::Version;

use crate::advisories::rules;
use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "websocket-over-h2",
    title: "WebSockets over HTTP/2 are passed on to upstreams",
    since: Version::new(2, 9, 0),
    until: Some(Version::new(2, 10, 0)),
    old: "browsers use HTTP/1.1 for WebSockets",
    new: "browsers may use HTTP/2, which some upstreams do not take",
    remedy: "",
    second_fact: Some("the upstream speaks WebSocket"),
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let proxies = subject.handlers.all().filter(|handler| rules::is_http_proxy(*handler));
    let speaks = proxies.filter(|handler| handler.route().of_server().speaks("h2"));
    found.extend(speaks.map(|handler| subject.handler(handler)));
}
