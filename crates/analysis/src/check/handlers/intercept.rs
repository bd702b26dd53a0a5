//! The `intercept` handler.

use crate::check::checker::Checker;
use crate::check::http::routes;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    routes::response_handlers(&node.at("handle_response"), checker);
}
