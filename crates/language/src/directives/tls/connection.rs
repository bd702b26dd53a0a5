//! The settings of connections: TLS versions, cipher suites, key exchange groups, application protocols.

use crate::config::ConnectionPolicy;
use crate::spec::{Cursor, Parsed, age, value};
use crate::version::Change;

/// The TLS versions that Caddy has (measured on Caddy 2.11.7).
const PROTOCOLS: &[&str] = &["tls1.2", "tls1.3"];

/// Key exchange groups by Caddy's names (measured on Caddy 2.11.7).
const CURVES: &[&str] = &["x25519mlkem768", "x25519", "secp256r1", "secp384r1", "secp521r1"];

/// Cipher suites by Go's names, without those that Go holds to be insecure (measured on Caddy 2.11.7).
const CIPHERS: &[&str] = &[
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
];

/// `protocols <min> [<max>]`; further words are not looked at.
pub(super) fn protocols(cursor: &mut Cursor, policy: &mut ConnectionPolicy) -> Parsed<()> {
    let name = cursor.word().clone();
    if !cursor.next_arg() {
        return Err(cursor.missing(&name, "a TLS version, `tls1.2` or `tls1.3`"));
    }
    policy.protocol_min = known(cursor, "a TLS version", PROTOCOLS)?;
    if cursor.next_arg() {
        policy.protocol_max = known(cursor, "a TLS version", PROTOCOLS)?;
    }
    while cursor.next_arg() {}
    Ok(())
}

/// `ciphers <cipher_suite...>`
pub(super) fn ciphers(cursor: &mut Cursor, policy: &mut ConnectionPolicy) -> Parsed<()> {
    while cursor.next_arg() {
        policy.cipher_suites.push(known(cursor, "a cipher suite", CIPHERS)?);
    }
    Ok(())
}

/// `curves <curve...>`
pub(super) fn curves(cursor: &mut Cursor, policy: &mut ConnectionPolicy) -> Parsed<()> {
    while cursor.next_arg() {
        let version = cursor.version();
        if cursor.text() == "x25519mlkem768" && !version.has(Change::HybridCurves) {
            let since = Change::HybridCurves.since();
            return Err(age::form(cursor.word(), version, "this curve", since, "leave it out"));
        }
        policy.curves.push(known(cursor, "a key exchange group", CURVES)?);
    }
    Ok(())
}

/// `alpn <protocol...>`
pub(super) fn alpn(cursor: &mut Cursor, policy: &mut ConnectionPolicy) -> Parsed<()> {
    let name = cursor.word().clone();
    policy.alpn = cursor.arg_texts();
    if policy.alpn.is_empty() {
        return Err(cursor.missing(&name, "a protocol, such as `h2` or `http/1.1`"));
    }
    Ok(())
}

/// The current word, if it is one of `names`.
fn known(cursor: &Cursor, what: &str, names: &[&str]) -> Parsed<String> {
    let text = cursor.text();
    if names.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(value::tls_parameter(cursor.word(), what, names))
}
