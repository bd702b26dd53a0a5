//! The `subroute` handler.

use crate::check::checker::{Checker, Checks};
use crate::check::http::routes;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.subroute", check)];

/// Without routes of its own, the routes for errors are not looked at.
pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let routes = node.at("routes");
    if !routes.is_null() {
        routes::check(&routes, checker);
        routes::check(&node.at("errors").at("routes"), checker);
    }
}
