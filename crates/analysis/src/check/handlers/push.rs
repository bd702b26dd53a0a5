//! The `push` handler.

use crate::check::checker::{Checker, Checks};
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.push", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for (_, replacements) in node.at("headers").at("replace").fields() {
        for replacement in replacements.items() {
            let pattern = replacement.at("search_regexp");
            if !pattern.text().contains('{') {
                checker.regexp(&pattern, pattern.text());
            }
        }
    }
}
