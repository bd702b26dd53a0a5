//! The `intercept` handler.

use crate::check::checker::{Checker, Checks};
use crate::check::http::routes;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.intercept", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    routes::response_handlers(&node.at("handle_response"), checker);
}
