//! Client authorities in the old form are ignored, and all public authorities count.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "client-authorities-ignored",
    aliases: &[],
    title: "Client authorities in the old form are ignored, and all public authorities count",
    repaired: Repaired::JsonOnly,
    first: Some(Version::new(2, 8, 4)),
    fixed_in: Some(Version::new(2, 10, 0)),
    second_fact: None,
    absent: "no connection policy has `trusted_ca_certs` or `trusted_ca_certs_pem_files`, which only Caddy 2.6 compiles to",
    witness: "a client with a certificate of your own authority is refused, and one of a public authority gets in; in a repaired version the reverse",
    remedy: "compile the Caddyfile again, which gives `\"ca\": {\"provider\": \"inline\"}`",
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
            if client.is_some_and(|client| {
                client.get("trusted_ca_certs").is_some() || client.get("trusted_ca_certs_pem_files").is_some()
            }) {
                found.push(subject.pointer(format!("{}/tls_connection_policies/{number}", server.pointer())));
            }
        }
    }
}
