//! Those who issue certificates.

use crate::check::apps::pki;
use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::values::certificate;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks =
    &[("tls.issuance.acme", acme), ("tls.issuance.internal", internal), ("tls.issuance.zerossl", zerossl)];

/// `acme`.
pub(in crate::check) fn acme(node: &Node, checker: &mut Checker) {
    let eab = node.at("external_account");
    let challenges = node.at("challenges");
    let dns = challenges.at("dns");
    let texts = [
        ("email address", node.at("email")),
        ("directory of the ACME server", node.at("ca")),
        ("directory of the ACME test server", node.at("test_ca")),
        ("key id of the external account", eab.at("key_id")),
        ("MAC key of the external account", eab.at("mac_key")),
        ("account key", node.at("account_key")),
        ("override domain of the DNS challenge", dns.at("override_domain")),
    ];
    for (what, text) in texts {
        filled(what, &text, checker);
    }
    if !dns.is_null() {
        let own = dns.at("provider");
        if own.is_null() && checker.app("tls").at("dns").is_null() {
            checker.report(&dns, Provision::DnsProvider);
        }
        checker.module("dns.providers", "name", &own);
    }
    for file in node.at("trusted_roots_pem_files").items() {
        let Some(bytes) = checker.read(&file, file.text(), "file of trusted roots") else { continue };
        if certificate::all(&bytes).iter().all(|der| certificate::der_fault(der).is_some()) {
            checker.report(&file, Machine::NoRoots);
        }
    }
    checker.module("caddy.network_proxy", "from", &node.at("network_proxy"));
}

fn filled(what: &'static str, node: &Node, checker: &mut Checker) {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Err(why) => checker.report(node, Provision::UnreadByService { what, why }),
        Ok(Filled::Unknown) => checker.report(node, Machine::PlaceholdersUnknown { what }),
        Ok(Filled::Text(_)) => {}
    }
}

/// `internal`.
pub(in crate::check) fn internal(node: &Node, checker: &mut Checker) {
    let authority = node.at("ca");
    let id = authority.text();
    if !id.is_empty() && !pki::has_authority(id, checker) {
        checker.report(&authority, Provision::NoAuthority);
    }
}

/// `zerossl`.
pub(in crate::check) fn zerossl(node: &Node, checker: &mut Checker) {
    checker.module("dns.providers", "name", &node.at("cname_validation").at("provider"));
}
