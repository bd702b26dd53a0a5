//! The `authentication` handler.

use crate::check::checker::Checker;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module_map("http.authentication.providers", &node.at("providers"));
}
