//! The addresses at which servers listen.

use std::collections::BTreeMap;

use crate::check::checker::Checker;
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use caddyctl_language::config::NetworkAddress;

/// The address that a `listen` entry stands for; faults are reported.
pub(in crate::check) fn address(node: &Node, checker: &mut Checker) -> Option<NetworkAddress> {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Err(why) => {
            checker.report(node, Provision::ListenerUnread { why });
            None
        }
        Ok(Filled::Unknown) => {
            checker.report(node, Machine::ListenerUnknown);
            None
        }
        Ok(Filled::Text(text)) => match NetworkAddress::parse(&text) {
            Ok(address) => Some(address),
            Err(why) => {
                let is_bare_ipv6 = text.matches(':').count() > 1;
                let help = if is_bare_ipv6 { "put an IPv6 address in brackets: `[::1]:443`" } else { "" };
                checker.report(node, Provision::Listener { why: why.to_string(), help });
                None
            }
        },
    }
}

/// Reports addresses of the server `name` that are `claimed` already, and claims the others.
pub(in crate::check) fn collisions(
    name: &str,
    server: &Node,
    claimed: &mut BTreeMap<(String, String, u16), String>,
    checker: &mut Checker,
) {
    for listen in server.at("listen").items() {
        let Some(address) = address(&listen, checker) else { continue };
        if !address.is_portless() && address.first == address.last {
            taken(&listen, &address, checker);
        }
        for port in address.first..=address.last {
            let key = (address.network.clone(), address.host.clone(), port);
            if let Some(other) = claimed.get(&key) {
                checker.report(
                    &listen,
                    Provision::ListenerShared { server: name.to_owned(), other: other.clone() },
                );
                break;
            }
            claimed.insert(key, name.to_owned());
        }
    }
}

/// Warns of a port on which another program listens. Caddy itself may well be running.
fn taken(listen: &Node, address: &NetworkAddress, checker: &mut Checker) {
    let Some(facts) = checker.facts else { return };
    if let Some(program) = facts.listener(&address.network, address.first).filter(|name| name != "caddy") {
        checker.report(listen, Machine::PortTaken { program, port: address.first });
    }
}
