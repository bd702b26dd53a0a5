//! The `tls` app: certificates that are loaded, and policies for those that are managed.

use std::collections::BTreeSet;

use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::tls::{automation_policy, ech, session_tickets};
use crate::check::values::hostname;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("tls", check)];

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
        checker.report(&capacity, Provision::CacheCapacity);
    }
}

fn on_demand(node: &Node, checker: &mut Checker) {
    let (ask, permission) = (node.at("ask"), node.at("permission"));
    if !permission.is_null() && !ask.text().is_empty() {
        checker.report(&ask, Provision::AskAndPermission);
    }
    checker.module("tls.permission", "module", &permission);
    match placeholders::fill_or_refuse(checker, ask.text()) {
        Err(why) => {
            checker.report(&ask, Provision::Unread { what: "`ask` endpoint", why });
        }
        Ok(Filled::Unknown) => checker.report(&ask, Machine::PlaceholdersUnknown { what: "`ask` endpoint" }),
        Ok(Filled::Text(_)) => {}
    }
}

/// No host may be in two policies, and only one policy may be for all the rest.
fn shared_subjects(policies: &Node, checker: &mut Checker) {
    let mut catch_all = false;
    let mut seen = BTreeSet::new();
    for policy in policies.items() {
        if policy.at("subjects").count() == 0 && std::mem::replace(&mut catch_all, true) {
            checker.report(&policy, Provision::CatchAllTwice);
        }
        for subject in policy.at("subjects").items() {
            let Filled::Text(host) = placeholders::fill(checker, subject.text()) else { continue };
            let host = hostname::ascii(&host);
            if seen.contains(&host) {
                checker.report(&subject, Provision::ManagedTwice { host: host.clone() });
            }
            seen.insert(host);
        }
    }
}
