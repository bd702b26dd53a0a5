//! The `file` matcher.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.matchers.file", check)];

/// The ways to choose among several files.
const POLICIES: &[&str] =
    &["first_exist", "first_exist_fallback", "smallest_size", "largest_size", "most_recently_modified"];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let policy = node.at("try_policy");
    if !policy.text().is_empty() && !POLICIES.contains(&policy.text()) {
        checker.report(&policy, Provision::TryPolicy { known: POLICIES.join(", ") });
    }
}
