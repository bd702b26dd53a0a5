//! The `templates` handler.

use crate::check::checker::Checker;
use crate::check::finding::Provision;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module_map("http.handlers.templates.functions", &node.at("match"));
    let delimiters = node.at("delimiters");
    if !matches!(delimiters.count(), 0 | 2) {
        checker.report(&delimiters, Provision::Delimiters { count: delimiters.count() });
    }
}
