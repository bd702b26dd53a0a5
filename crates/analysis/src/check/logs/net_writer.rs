//! The `net` writer. Caddy dials when it validates, unless `soft_start` is set; here nothing is dialled.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use caddyctl_language::config::NetworkAddress;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("caddy.logging.writers.net", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let (address, timeout) = (node.at("address"), node.at("dial_timeout"));
    if timeout.number() < 0 {
        checker.report(&timeout, Provision::DialTimeout);
    }
    let text = match placeholders::fill_or_refuse(checker, address.text()) {
        Ok(Filled::Text(text)) => text,
        Ok(Filled::Unknown) => {
            checker.report(&address, Machine::LogAddressUnknown);
            return;
        }
        Err(why) => {
            checker.report(&address, Provision::Unread { what: "log address", why });
            return;
        }
    };
    match NetworkAddress::parse(&text) {
        Err(why) => checker.report(&address, Provision::LogAddress { why: why.to_string() }),
        Ok(parsed) if parsed.ports() != 1 => {
            checker.report(&address, Provision::LogAddressPorts);
        }
        Ok(_) if node.at("soft_start").is_true() => {}
        // A socket file can be looked for without a connection.
        Ok(parsed) if parsed.network.starts_with("unix") && is_missing(checker, &parsed.host) => {
            checker.report(&address, Machine::NoSocket { path: parsed.host });
        }
        Ok(_) => match checker.facts.and_then(|facts| facts.answers(&text)) {
            None => checker.report(&address, Machine::LogAddressNotAsked { address: text }),
            Some(false) => {
                checker.report(&address, Machine::LogAddressSilent { address: text });
            }
            Some(true) => {}
        },
    }
}

fn is_missing(checker: &Checker, socket: &str) -> bool {
    let found = checker.facts.map(|facts| facts.read(socket.as_ref()));
    matches!(found, Some(Err(error)) if error.kind() == std::io::ErrorKind::NotFound)
}
