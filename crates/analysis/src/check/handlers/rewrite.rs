//! The `rewrite` handler, and the rewrite inside `reverse_proxy`.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.rewrite", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for replacement in node.at("path_regexp").items() {
        let pattern = replacement.at("find");
        if pattern.text().is_empty() {
            checker.report(&replacement, Provision::EmptyFind);
        }
        checker.regexp(&pattern, pattern.text());
    }
    for replacement in node.at("query").at("replace").items() {
        let pattern = replacement.at("search_regexp");
        checker.regexp(&pattern, pattern.text());
    }
}
