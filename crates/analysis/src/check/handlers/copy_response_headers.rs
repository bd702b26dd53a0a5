//! The `copy_response_headers` handler.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.copy_response_headers", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    if node.at("include").count() > 0 && node.at("exclude").count() > 0 {
        checker.report(node, Provision::CopiedFields);
    }
}
