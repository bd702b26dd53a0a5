//! The `not` matcher.

use crate::check::checker::{Checker, Checks};
use crate::check::http::routes;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.matchers.not", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    routes::matcher_sets(node, checker);
}
