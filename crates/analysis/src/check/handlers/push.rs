//! The `push` handler.

use crate::check::checker::Checker;
use crate::check::node::Node;

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
