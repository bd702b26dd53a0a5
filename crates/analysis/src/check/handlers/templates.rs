//! The `templates` handler.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.templates", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module_map("http.handlers.templates.functions", &node.at("match"));
    let delimiters = node.at("delimiters");
    if !matches!(delimiters.count(), 0 | 2) {
        checker.report(&delimiters, Provision::Delimiters { count: delimiters.count() });
    }
}
