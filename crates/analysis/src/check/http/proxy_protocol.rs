//! The `proxy_protocol` listener wrapper.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::values::ip_range;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("caddy.listeners.proxy_protocol", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for key in ["allow", "deny"] {
        for range in node.at(key).items() {
            if let Some(why) = ip_range::prefix_fault(range.text()) {
                checker.report(&range, Provision::PrefixRange { why });
            }
        }
    }
}
