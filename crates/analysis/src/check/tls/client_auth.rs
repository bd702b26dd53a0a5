//! Which clients a TLS server asks for a certificate, and whom it trusts.

use super::ca_pool;
use crate::check::checker::Checker;
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::values::{certificate, pem};

/// What can be asked of a client.
const MODES: &[&str] = &["request", "require", "verify_if_given", "require_and_verify"];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let (pool, inline, files) =
        (node.at("ca"), node.at("trusted_ca_certs"), node.at("trusted_ca_certs_pem_files"));
    if !pool.is_null() && (inline.count() > 0 || files.count() > 0) {
        checker.report(node, Provision::ClientTrusts);
    }
    for file in files.items() {
        let Some(bytes) = checker.read(&file, file.text(), "file of trusted certificates") else { continue };
        let blocks = pem::blocks(&bytes);
        if blocks.is_empty() || blocks.iter().any(|block| block.label != "CERTIFICATE") {
            checker.report(&file, Machine::NotCertificates);
        }
    }
    ca_pool::trusted(&inline, checker);
    checker.module("tls.ca_pool.source", "provider", &pool);
    for leaf in node.at("trusted_leaf_certs").items() {
        if let Some(why) = certificate::base64_fault(leaf.text()) {
            checker.report(&leaf, Provision::LeafCertificate { why });
        }
    }
    let mode = node.at("mode");
    if !mode.text().is_empty() && !MODES.contains(&mode.text()) {
        checker.report(&mode, Provision::ClientMode { known: MODES.join(", ") });
    }
    checker.modules("tls.client_auth.verifier", "verifier", &node.at("verifiers"));
}
