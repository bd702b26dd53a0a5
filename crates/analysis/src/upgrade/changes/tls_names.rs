//! Unknown curves and TLS versions are refused.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "tls-names",
    title: "Unknown curves and TLS versions are refused",
    since: Version::new(2, 11, 7),
    until: None,
    old: "Caddy starts, and ignores them",
    new: "Caddy does not start",
    remedy: "write a curve or a version that Caddy knows",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        let policies =
            server.value().get("tls_connection_policies").and_then(Value::as_array).into_iter().flatten();
        for (number, policy) in policies.enumerate() {
            let curves = policy
                .get("curves")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            let versions =
                ["protocol_min", "protocol_max"].into_iter().filter_map(|name| policy.get(name)?.as_str());
            let has_placeholder = |text: &&str| text.contains('{');
            let mut unknown = curves
                .filter(|curve| !CURVES.contains(curve))
                .chain(versions.filter(|version| !VERSIONS.contains(version)));
            if unknown.any(|text| !has_placeholder(&text)) {
                found.push(subject.pointer(format!("{}/tls_connection_policies/{number}", server.pointer())));
            }
        }
    }
}

/// The curves that Caddy knows.
const CURVES: &[&str] = &["x25519mlkem768", "x25519", "secp256r1", "secp384r1", "secp521r1"];

/// The TLS versions that Caddy knows.
const VERSIONS: &[&str] = &["tls1.2", "tls1.3"];
