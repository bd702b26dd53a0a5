//! All client certificates are refused.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "client-verifiers-refuse",
    title: "All client certificates are refused",
    since: Version::new(2, 11, 3),
    until: Some(Version::new(2, 11, 4)),
    old: "clients with a certificate get in",
    new: "every client is refused",
    remedy: "skip Caddy 2.11.3",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        let policies =
            server.value().get("tls_connection_policies").and_then(Value::as_array).into_iter().flatten();
        for (number, policy) in policies.enumerate() {
            let client = policy.get("client_authentication").unwrap_or(&Value::Null);
            if client.get("verifiers").is_some() || client.get("trusted_leaf_certs").is_some() {
                found.push(subject.pointer(format!("{}/tls_connection_policies/{number}", server.pointer())));
            }
        }
    }
}
