//! TLS session tickets.

use crate::check::checker::{Checker, Checks};
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("tls.stek.distributed", distributed)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module("tls.stek", "provider", &node.at("key_source"));
}

/// Keys that several instances share through a storage.
pub(in crate::check) fn distributed(node: &Node, checker: &mut Checker) {
    checker.module("caddy.storage", "module", &node.at("storage"));
}
