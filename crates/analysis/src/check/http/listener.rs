//! The addresses at which servers listen.

use std::collections::BTreeMap;

use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use caddyctl_language::config::NetworkAddress;

/// The address that a `listen` entry stands for; faults are reported.
pub(in crate::check) fn address(node: &Node, checker: &mut Checker) -> Option<NetworkAddress> {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Err(why) => {
            let message = format!("the listener address `{}` cannot be read: {why}", node.text());
            checker.refuse(node, (message, [why.placeholder.as_str()]), "set the variable");
            None
        }
        Ok(Filled::Unknown) => {
            checker
                .unchecked(node, format_args!("the placeholders of the listener address `{}`", node.text()));
            None
        }
        Ok(Filled::Text(text)) => match NetworkAddress::parse(&text) {
            Ok(address) => Some(address),
            Err(why) => {
                let help = if text.matches(':').count() > 1 {
                    "put an IPv6 address in brackets: `[::1]:443`"
                } else {
                    ""
                };
                checker.refuse(node, format!("the listener address is not valid: {why}"), help);
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
                let message =
                    format!("the server `{name}` listens on `{}`, as `{other}` already does", listen.text());
                checker.refuse(&listen, (message, [name, other]), "give each server addresses of its own");
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
        let message = format!("`{program}` already listens on port {}", address.first);
        checker.machine_warning(listen, message, "stop it, or let Caddy listen elsewhere");
    }
}
