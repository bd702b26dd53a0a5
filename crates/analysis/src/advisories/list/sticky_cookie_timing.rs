//! The time that Caddy takes to compare the cookie of a sticky session depends on the cookie.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "sticky-cookie-timing",
    aliases: &[],
    title: "The time that Caddy takes to compare the cookie of a sticky session depends on the cookie",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: None,
    absent: "no proxy chooses its upstream by a cookie",
    witness: "not tried here",
    remedy: "choose upstreams by another policy, such as `ip_hash`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for proxy in subject.handlers.named("reverse_proxy") {
        let policy = proxy.value().pointer("/load_balancing/selection_policy/policy").and_then(Value::as_str);
        if policy == Some("cookie") {
            found.push(subject.handler(proxy));
        }
    }
}
