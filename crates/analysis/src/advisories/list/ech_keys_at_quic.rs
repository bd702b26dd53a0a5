//! Connections of HTTP/3 use wrong keys for Encrypted `ClientHello`.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "ech-keys-quic",
    aliases: &[],
    title: "Connections of HTTP/3 use wrong keys for Encrypted ClientHello",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 3)),
    second_fact: None,
    absent: "the configuration has no Encrypted ClientHello, or no server with HTTP/3",
    witness: "not tried here",
    remedy: "switch HTTP/3 off: `protocols h1 h2`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let has_ech = subject.at("/apps/tls/encrypted_client_hello").is_object();
    if has_ech && subject.handlers.servers().any(|server| server.speaks("h3")) {
        found.push(subject.pointer("/apps/tls/encrypted_client_hello"));
    }
}
