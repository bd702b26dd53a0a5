//! A missing file of client authorities lets in certificates of all public authorities.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-27586",
    aliases: &["GHSA-hffm-g8v7-wrv7"],
    title: "A missing file of client authorities lets in certificates of all public authorities",
    repaired: Repaired::JsonOnly,
    first: Some(Version::new(2, 8, 4)),
    fixed_in: Some(Version::new(2, 11, 1)),
    second_fact: None,
    absent: "no connection policy has `trusted_ca_certs_pem_files`, which no Caddyfile makes",
    witness: "the file is missing: Caddy starts, and a certificate of a public authority gets in; a repaired version does not start",
    remedy: "use `\"ca\": {\"provider\": \"file\"}`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        let policies =
            server.value().get("tls_connection_policies").and_then(Value::as_array).into_iter().flatten();
        for (number, policy) in policies.enumerate() {
            let client = policy.get("client_authentication");
            if client.is_some_and(|client| client.get("trusted_ca_certs_pem_files").is_some()) {
                found.push(subject.pointer(format!("{}/tls_connection_policies/{number}", server.pointer())));
            }
        }
    }
}
