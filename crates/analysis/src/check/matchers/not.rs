//! The `not` matcher.

use crate::check::checker::Checker;
use crate::check::http::routes;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    routes::matcher_sets(node, checker);
}
