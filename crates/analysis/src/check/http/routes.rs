//! Routes: matchers and handlers.

use crate::check::checker::Checker;
use crate::check::node::Node;

/// A list of routes.
pub(in crate::check) fn check(routes: &Node, checker: &mut Checker) {
    for route in routes.items() {
        self::route(&route, checker);
    }
}

/// One route.
pub(in crate::check) fn route(route: &Node, checker: &mut Checker) {
    matcher_sets(&route.at("match"), checker);
    checker.modules("http.handlers", "handler", &route.at("handle"));
}

/// A list of matcher sets.
pub(in crate::check) fn matcher_sets(sets: &Node, checker: &mut Checker) {
    for set in sets.items() {
        checker.module_map("http.matchers", &set);
    }
}

/// Routes for responses, as in `handle_response`.
pub(in crate::check) fn response_handlers(handlers: &Node, checker: &mut Checker) {
    for handler in handlers.items() {
        check(&handler.at("routes"), checker);
    }
}
