//! The `net` writer. Caddy dials when it validates, unless `soft_start` is set; here nothing is dialled.

use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use caddyctl_language::config::NetworkAddress;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let (address, timeout) = (node.at("address"), node.at("dial_timeout"));
    if timeout.number() < 0 {
        checker.refuse(&timeout, "the dial timeout is negative", "");
    }
    let text = match placeholders::fill_or_refuse(checker, address.text()) {
        Ok(Filled::Text(text)) => text,
        Ok(Filled::Unknown) => {
            checker.unchecked(&address, format_args!("the log address `{}`", address.text()));
            return;
        }
        Err(why) => {
            let message = format!("the log address cannot be read: {why}");
            checker.refuse(&address, (message, [why.placeholder.as_str()]), "set the variable");
            return;
        }
    };
    match NetworkAddress::parse(&text) {
        Err(why) => checker.refuse(
            &address,
            format!("the log address is not valid: {why}"),
            "such as `tcp/logs:5140`",
        ),
        Ok(parsed) if parsed.ports() != 1 => {
            checker.refuse(&address, "the log address has several ports", "give one");
        }
        Ok(_) if node.at("soft_start").is_true() => {}
        // A socket file can be looked for without a connection.
        Ok(parsed) if parsed.network.starts_with("unix") && is_missing(checker, &parsed.host) => {
            let message =
                format!("there is no socket `{}`, and Caddy connects to it when it starts", parsed.host);
            checker.machine(&address, message, "start what listens there first, or add `soft_start`");
        }
        Ok(_) => match checker.facts.and_then(|facts| facts.answers(&text)) {
            None => checker
                .unchecked(&address, format_args!("whether something answers at the log address `{text}`")),
            Some(false) => {
                let message = format!("nothing answers at the log address `{text}`");
                checker.machine(&address, message, "start it first, or add `soft_start`");
            }
            Some(true) => {}
        },
    }
}

fn is_missing(checker: &Checker, socket: &str) -> bool {
    let found = checker.facts.map(|facts| facts.read(socket.as_ref()));
    matches!(found, Some(Err(error)) if error.kind() == std::io::ErrorKind::NotFound)
}
