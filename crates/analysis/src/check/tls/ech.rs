//! Encrypted `ClientHello`.

use crate::check::checker::Checker;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for config in node.at("configs").items() {
        let name = config.at("public_name");
        if !(1..=255).contains(&name.text().trim().len()) {
            let message = "the public name of encrypted ClientHello must have 1 to 255 bytes";
            checker.refuse(&name, message, "such as `ech.example.com`");
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
        let message = "publishing encrypted ClientHello by DNS needs a DNS provider";
        checker.refuse(node, message, "build Caddy with the module of your DNS provider and name it");
    }
    checker.module("dns.providers", "name", &provider);
}
