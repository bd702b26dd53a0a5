//! Pools of trusted certificate authorities.

use super::{client_config, storage as stored};
use crate::check::apps::pki as authorities;
use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::values::{certificate, url};

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("tls.ca_pool.source.combined", combined),
    ("tls.ca_pool.source.file", file),
    ("tls.ca_pool.source.http", http),
    ("tls.ca_pool.source.inline", inline),
    ("tls.ca_pool.source.pki_intermediate", pki),
    ("tls.ca_pool.source.pki_root", pki),
    ("tls.ca_pool.source.storage", storage),
];

/// `inline`: certificates as base64 of DER.
pub(in crate::check) fn inline(node: &Node, checker: &mut Checker) {
    trusted(&node.at("trusted_ca_certs"), checker);
}

/// A list of certificates as base64 of DER.
pub(in crate::check) fn trusted(certificates: &Node, checker: &mut Checker) {
    for item in certificates.items() {
        if let Some(why) = certificate::base64_fault(item.text()) {
            checker.report(&item, Provision::TrustedCertificate { why });
        }
    }
}

/// `file`: PEM files.
pub(in crate::check) fn file(node: &Node, checker: &mut Checker) {
    for file in node.at("pem_files").items() {
        if let Some(bytes) = checker.read(&file, file.text(), "file of trusted certificates") {
            contents(&file, &bytes, checker);
        }
    }
}

fn contents(node: &Node, bytes: &[u8], checker: &mut Checker) {
    let certificates = certificate::all(bytes);
    if let Some(why) = certificates.iter().find_map(|der| certificate::der_fault(der)) {
        checker.report(node, Machine::TrustedFile { why });
    } else if certificates.is_empty() {
        checker.report(node, Machine::NothingTrusted);
    }
}

/// `pki_root` and `pki_intermediate`: authorities of the `pki` app, which must be configured.
pub(in crate::check) fn pki(node: &Node, checker: &mut Checker) {
    if !authorities::is_loaded(checker) {
        checker.report(node, Provision::PoolPki);
        return;
    }
    for authority in node.at("authority").items() {
        if !authorities::has_authority(authority.text(), checker) {
            checker.report(&authority, Provision::PoolAuthority);
        }
    }
}

/// `storage`: PEM files in Caddy's storage.
pub(in crate::check) fn storage(node: &Node, checker: &mut Checker) {
    checker.module("caddy.storage", "module", &node.at("storage"));
    let keys = node.at("pem_keys");
    if keys.count() == 0 {
        checker.report(node, Provision::NoPoolKey);
    }
    for key in keys.items() {
        if let Some(bytes) =
            stored::read(&key, key.text(), &node.at("storage"), "trusted certificate", checker)
        {
            contents(&key, &bytes, checker);
        }
    }
}

/// `http`: fetched from URLs when Caddy loads the configuration.
pub(in crate::check) fn http(node: &Node, checker: &mut Checker) {
    client_config::pool(&node.at("tls"), checker);
    for endpoint in node.at("endpoints").items() {
        if let Some(why) = url::fault(endpoint.text()) {
            checker.report(&endpoint, Provision::PoolUrl { why });
            continue;
        }
        let text = endpoint.text().to_lowercase();
        if !["http://", "https://"].iter().any(|scheme| text.starts_with(scheme)) {
            checker.report(&endpoint, Provision::PoolScheme);
            continue;
        }
        match checker.facts.and_then(|facts| facts.answers(endpoint.text())) {
            None => checker.report(&endpoint, Machine::PoolNotAsked),
            Some(false) => checker.report(&endpoint, Machine::PoolSilent),
            Some(true) => {}
        }
    }
}

/// `combined`: several pools in one; the system's own cannot be among them.
pub(in crate::check) fn combined(node: &Node, checker: &mut Checker) {
    for source in node.at("sources").items().filter(|source| source.at("provider").text() == "file") {
        empty_source(&source, checker);
    }
    let sources = node.at("sources");
    if sources.count() == 0 {
        checker.report(node, Provision::EmptyPool);
    }
    checker.modules("tls.ca_pool.source", "provider", &sources);
    for source in sources.items().filter(|source| source.at("provider").text() == "system") {
        checker.report(&source, Provision::SystemPool);
    }
}

/// A pool of files without any certificate can stand alone, but not be combined.
fn empty_source(source: &Node, checker: &mut Checker) {
    let Some(facts) = checker.facts else { return };
    let list = source.at("pem_files");
    let files: Vec<_> = list.items().collect();
    let read: Vec<_> = files.iter().filter_map(|file| facts.read(file.text().as_ref()).ok()).collect();
    if read.len() == files.len() && read.iter().all(|bytes| certificate::all(bytes).is_empty()) {
        checker.report(source, Machine::EmptySource);
    }
}
