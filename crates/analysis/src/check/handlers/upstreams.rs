//! Dynamic upstreams, and the resolvers for that.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;
use caddyctl_language::config::NetworkAddress;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("http.reverse_proxy.upstreams.a", resolver),
    ("http.reverse_proxy.upstreams.multi", multi),
    ("http.reverse_proxy.upstreams.srv", resolver),
];

/// The sources `a` and `srv`.
pub(in crate::check) fn resolver(node: &Node, checker: &mut Checker) {
    resolver_addresses(&node.at("resolver").at("addresses"), checker);
}

/// The source `multi`.
pub(in crate::check) fn multi(node: &Node, checker: &mut Checker) {
    checker.modules("http.reverse_proxy.upstreams", "source", &node.at("sources"));
}

/// Each resolver is one network address; the port is 53 if it has none.
pub(in crate::check) fn resolver_addresses(addresses: &Node, checker: &mut Checker) {
    for address in addresses.items() {
        let why = match NetworkAddress::parse_with_defaults(address.text(), "udp", 53) {
            Err(why) => why.to_string(),
            Ok(parsed) if parsed.ports() != 1 => format!("`{}` has several ports", address.text()),
            Ok(_) => continue,
        };
        checker.report(&address, Provision::Resolver { why });
    }
}
