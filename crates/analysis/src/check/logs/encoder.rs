//! Encoders that wrap others.

use crate::check::checker::{Checker, Checks};
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("caddy.logging.encoders.append", wrapping),
    ("caddy.logging.encoders.filter", filter),
    ("caddy.logging.encoders.journald", wrapping),
];

/// `append` and `journald`.
pub(in crate::check) fn wrapping(node: &Node, checker: &mut Checker) {
    checker.module("caddy.logging.encoders", "format", &node.at("wrap"));
}

/// `filter`: a filter for each field.
pub(in crate::check) fn filter(node: &Node, checker: &mut Checker) {
    wrapping(node, checker);
    for (_, filter) in node.at("fields").fields() {
        checker.module("caddy.logging.encoders.filter", "filter", &filter);
    }
}
