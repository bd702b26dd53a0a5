//! Proxies that are trusted by address.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::values::ip_range;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.ip_sources.static", fixed)];

/// The `static` source: addresses and ranges, without placeholders.
pub(in crate::check) fn fixed(node: &Node, checker: &mut Checker) {
    ranges(&node.at("ranges"), checker);
}

/// A list of addresses and ranges, without placeholders.
pub(in crate::check) fn ranges(ranges: &Node, checker: &mut Checker) {
    for range in ranges.items() {
        if let Some(why) = ip_range::fault(range.text()) {
            checker.report(&range, Provision::Range { why });
        }
    }
}
