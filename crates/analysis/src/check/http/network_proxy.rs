//! The proxy through which upstreams are reached.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::values::url;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("caddy.network_proxy.url", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let address = node.at("url");
    if let Some(why) = url::fault(address.text()) {
        checker.report(&address, Provision::ProxyUrl { why });
    }
}
