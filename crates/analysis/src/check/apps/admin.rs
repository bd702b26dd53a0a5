//! The admin endpoint. Caddy looks at it only when it starts, so nothing here makes `caddy validate` fail.

use crate::check::checker::Checker;
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use caddyctl_language::config::NetworkAddress;

/// Warns of an address at which the endpoint could not listen.
pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let listen = node.at("listen");
    if listen.text().is_empty() {
        return;
    }
    let Filled::Text(address) = placeholders::fill(checker, listen.text()) else { return };
    match NetworkAddress::parse_with_defaults(&address, "tcp", 2019) {
        Err(why) => checker.report(&listen, Provision::AdminListen { why: why.to_string() }),
        Ok(parsed) if parsed.ports() != 1 => checker.report(&listen, Provision::AdminPorts),
        Ok(_) => {}
    }
}
