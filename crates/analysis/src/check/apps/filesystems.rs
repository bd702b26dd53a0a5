//! The `caddy.filesystems` app: named file systems, for which stock Caddy has no module.

use crate::check::checker::{Checker, Checks};
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("caddy.filesystems", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for entry in node.at("filesystems").items() {
        checker.module("caddy.fs", "backend", &entry.at("file_system"));
    }
}
