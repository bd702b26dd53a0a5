//! Policies for TLS connections.

use super::client_auth;
use crate::check::checker::Checker;
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};

/// The cipher suites that Caddy knows.
const CIPHERS: &[&str] = &[
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];
/// The curves that Caddy knows. Others are silently passed on as nothing.
const CURVES: &[&str] = &["secp256r1", "secp384r1", "secp521r1", "x25519", "x25519mlkem768"];

pub(in crate::check) fn check(policy: &Node, checker: &mut Checker) {
    checker.module_map("tls.handshake_match", &policy.at("match"));
    for cipher in policy.at("cipher_suites").items() {
        if !CIPHERS.contains(&cipher.text()) {
            checker.report(&cipher, Provision::Cipher);
        }
    }
    for curve in policy.at("curves").items() {
        if !CURVES.contains(&curve.text()) {
            checker.report(&curve, Provision::Curve { known: CURVES.join(", ") });
        }
    }
    protocols(policy, checker);
    certificate_selection(&policy.at("certificate_selection"), checker);
    let auth = policy.at("client_authentication");
    if !auth.is_null() {
        client_auth::check(&auth, checker);
    }
    checker.module("tls.context", "module", &policy.at("handshake_context"));
    secrets_log(&policy.at("insecure_secrets_log"), checker);
}

/// Which of several certificates is used.
fn certificate_selection(node: &Node, checker: &mut Checker) {
    let algorithm = node.at("public_key_algorithm");
    if !algorithm.is_null() && !matches!(algorithm.text().to_lowercase().as_str(), "rsa" | "dsa" | "ecdsa") {
        checker.report(&algorithm, Provision::PublicKeyAlgorithm);
    }
    for serial in node.at("serial_number").items() {
        let digits = serial.text().strip_prefix(['+', '-']).unwrap_or(serial.text());
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            checker.report(&serial, Provision::SerialNumber { serial: serial.view().to_json() });
        }
    }
}

fn protocols(policy: &Node, checker: &mut Checker) {
    let (min, max) = (policy.at("protocol_min"), policy.at("protocol_max"));
    for protocol in [&min, &max] {
        if !matches!(protocol.text(), "" | "tls1.2" | "tls1.3") {
            checker.report(protocol, Provision::Protocol);
        }
    }
    if !min.text().is_empty() && !max.text().is_empty() && min.text() > max.text() {
        checker.report(&min, Provision::ProtocolOrder { newest: max.text().to_owned() });
    }
}

fn secrets_log(node: &Node, checker: &mut Checker) {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Err(why) => checker.report(node, Provision::Unread { what: "file for TLS secrets", why }),
        Ok(Filled::Unknown) => checker.report(node, Machine::SecretsUnknown),
        Ok(Filled::Text(path)) if path.is_empty() => {}
        Ok(Filled::Text(path)) => {
            if let Some(Err(error)) = checker.facts.map(|facts| facts.can_append(std::path::Path::new(&path)))
            {
                checker.report(node, Machine::SecretsUnwritten { path, why: error.to_string() });
            }
        }
    }
}
