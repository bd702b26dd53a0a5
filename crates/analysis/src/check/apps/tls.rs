//! The `tls` app: certificates that are loaded, and policies for those that are managed.

use std::collections::BTreeSet;

use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::tls::{automation_policy, ech, session_tickets};
use crate::check::values::hostname;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module("dns.providers", "name", &node.at("dns"));
    checker.module_map("tls.certificates", &node.at("certificates"));
    let automation = node.at("automation");
    on_demand(&automation.at("on_demand"), checker);
    for policy in automation.at("policies").items() {
        automation_policy::check(&policy, checker);
    }
    shared_subjects(&automation.at("policies"), checker);
    session_tickets::check(&node.at("session_tickets"), checker);
    ech::check(&node.at("encrypted_client_hello"), checker);
    let cache = node.at("cache");
    let capacity = cache.at("capacity");
    if capacity.number() < 0 {
        checker.refuse(
            &capacity,
            "the capacity of the certificate cache is negative",
            "use 0 for the default",
        );
    }
}

fn on_demand(node: &Node, checker: &mut Checker) {
    let (ask, permission) = (node.at("ask"), node.at("permission"));
    if !permission.is_null() && !ask.text().is_empty() {
        let message = "on-demand TLS has both `ask` and a permission module";
        checker.refuse(
            &ask,
            (message, ["ask", "on_demand"]),
            "keep the permission module; `ask` is deprecated",
        );
    }
    checker.module("tls.permission", "module", &permission);
    match placeholders::fill_or_refuse(checker, ask.text()) {
        Err(why) => {
            let message = format!("the `ask` endpoint cannot be read: {why}");
            checker.refuse(&ask, (message, ["ask", &why.placeholder]), "set the variable");
        }
        Ok(Filled::Unknown) => checker.unchecked(&ask, "the placeholders of the `ask` endpoint"),
        Ok(Filled::Text(_)) => {}
    }
}

/// No host may be in two policies, and only one policy may be for all the rest.
fn shared_subjects(policies: &Node, checker: &mut Checker) {
    let mut catch_all = false;
    let mut seen = BTreeSet::new();
    for policy in policies.items() {
        if policy.at("subjects").count() == 0 && std::mem::replace(&mut catch_all, true) {
            let message = "two TLS automation policies are for all other hosts; the second is never used";
            checker.refuse(&policy, message, "merge them, or give one of them hosts");
        }
        for subject in policy.at("subjects").items() {
            let Filled::Text(host) = placeholders::fill(checker, subject.text()) else { continue };
            let host = hostname::ascii(&host);
            if seen.contains(&host) {
                let message = format!("the certificate of `{host}` is managed twice");
                checker.refuse(&subject, message, "keep the host in one TLS automation policy, once");
            }
            seen.insert(host);
        }
    }
}
