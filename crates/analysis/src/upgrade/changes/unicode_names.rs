//! Site names outside ASCII match the name that a client asks for.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "unicode-sni",
    title: "Site names outside ASCII match the name that a client asks for",
    since: Version::new(2, 11, 4),
    until: None,
    old: "settings of connections for such names do not apply; with `client_auth`, everybody is refused",
    new: "they apply",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        let policies =
            server.value().get("tls_connection_policies").and_then(Value::as_array).into_iter().flatten();
        for (number, policy) in policies.enumerate() {
            let names = policy.pointer("/match/sni").and_then(Value::as_array).into_iter().flatten();
            if names.filter_map(Value::as_str).any(|name| !name.is_ascii()) {
                found.push(subject.pointer(format!("{}/tls_connection_policies/{number}", server.pointer())));
            }
        }
    }
}
