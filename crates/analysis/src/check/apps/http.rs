//! The `http` app: its servers, and the addresses that they must not share.

use std::collections::BTreeMap;

use crate::check::checker::{Checker, Checks};
use crate::check::http::{listener, server};
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let port = |key: &str, default| match node.at(key).number() {
        0 => default,
        port => port,
    };
    let http_port = port("http_port", 80);
    let mut claimed = BTreeMap::new();
    for (name, server) in node.at("servers").fields() {
        let server = checker.with_routes(name, server);
        server::check(&server, http_port, checker);
        listener::collisions(name, &server, &mut claimed, checker);
    }
}
