//! A proxy adds `Via`, and drops the `Server` header of the upstream.

use caddyctl_language::Version;

use crate::advisories::rules;
use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "proxy-via",
    title: "A proxy adds `Via`, and drops the `Server` header of the upstream",
    since: Version::new(2, 10, 0),
    until: None,
    old: "clients get the `Server` header of the upstream",
    new: "clients and upstreams get `Via: 1.1 Caddy`, and `Server` is that of Caddy",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let proxies = subject.handlers.all().filter(|handler| rules::is_http_proxy(*handler));
    found.extend(proxies.map(|handler| subject.handler(handler)));
}
