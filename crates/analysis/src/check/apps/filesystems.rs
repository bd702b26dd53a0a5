//! The `caddy.filesystems` app: named file systems, for which stock Caddy has no module.

use crate::check::checker::Checker;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for entry in node.at("filesystems").items() {
        checker.module("caddy.fs", "backend", &entry.at("file_system"));
    }
}
