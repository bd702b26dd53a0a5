//! The `authentication` handler.

use crate::check::checker::{Checker, Checks};
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.authentication", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module_map("http.authentication.providers", &node.at("providers"));
}
