//! Weights that are all 0 are refused.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "round-robin-weights",
    title: "Weights that are all 0 are refused",
    since: Version::new(2, 11, 7),
    until: None,
    old: "Caddy starts",
    new: "Caddy does not start",
    remedy: "write a weight above 0",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("reverse_proxy") {
        let weights =
            handler.value().pointer("/load_balancing/selection_policy/weights").and_then(Value::as_array);
        if weights.is_some_and(|weights| {
            !weights.is_empty() && weights.iter().all(|weight| weight.as_f64() == Some(0.0))
        }) {
            found.push(subject.handler(handler));
        }
    }
}
