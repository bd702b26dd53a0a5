//! Encrypted `ClientHello`.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("tls.ech.publishers.dns", dns_publisher)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for config in node.at("configs").items() {
        let name = config.at("public_name");
        if !(1..=255).contains(&name.text().trim().len()) {
            checker.report(&name, Provision::EchName);
        }
    }
    for publication in node.at("publication").items() {
        checker.module_map("tls.ech.publishers", &publication.at("publishers"));
    }
}

/// The publisher `dns`: needs a DNS provider, of which stock Caddy has none.
pub(in crate::check) fn dns_publisher(node: &Node, checker: &mut Checker) {
    let provider = node.at("provider");
    if provider.is_null() {
        checker.report(node, Provision::EchProvider);
    }
    checker.module("dns.providers", "name", &provider);
}
