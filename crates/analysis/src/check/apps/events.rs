//! The `events` app: its subscriptions name handlers, of which stock Caddy has none.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("events", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for subscription in node.at("subscriptions").items() {
        let handlers = subscription.at("handlers");
        if !handlers.is_null() && handlers.count() == 0 {
            checker.report(&handlers, Provision::NoEventHandler);
        }
        checker.modules("events.handlers", "handler", &handlers);
    }
}
