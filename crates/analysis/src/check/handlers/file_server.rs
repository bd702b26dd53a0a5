//! The `file_server` handler.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.file_server", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module_map("http.precompressed", &node.at("precompressed"));
    for (i, option) in node.at("browse").at("sort").items().enumerate() {
        let known: &[&str] = match i {
            0 => &["name", "namedirfirst", "size", "time"],
            1 => &["asc", "desc"],
            _ => {
                checker.report(&option, Provision::SortOptions);
                return;
            }
        };
        if !known.contains(&option.text()) {
            checker.report(&option, Provision::SortBy { known: known.join(", ") });
        }
    }
}
