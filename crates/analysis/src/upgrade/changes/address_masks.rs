//! Masks of log filters that are out of range are refused.

use serde_json::Value;

use caddyctl_language::Version;
use caddyctl_language::config::pointer::escape;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "log-ip-masks",
    title: "Masks of log filters that are out of range are refused",
    since: Version::new(2, 11, 7),
    until: None,
    old: "Caddy starts",
    new: "Caddy does not start",
    remedy: "write at most 32 for IPv4 and 128 for IPv6",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (name, log) in subject.at("/logging/logs").as_object().into_iter().flatten() {
        let mut next = vec![log];
        let mut is_out = false;
        while let Some(value) = next.pop() {
            let is_over = |key: &str, most: f64| {
                value.get(key).and_then(Value::as_f64).is_some_and(|bits| !(0.0..=most).contains(&bits))
            };
            is_out |= value.get("filter").and_then(Value::as_str) == Some("ip_mask")
                && (is_over("ipv4_cidr", 32.0) || is_over("ipv6_cidr", 128.0));
            next.extend(value.as_object().into_iter().flatten().map(|(_, value)| value));
            next.extend(value.as_array().into_iter().flatten());
        }
        if is_out {
            found.push(subject.pointer(format!("/logging/logs/{}", escape(name))));
        }
    }
}
