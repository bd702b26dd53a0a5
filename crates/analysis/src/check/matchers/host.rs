//! The `host` matcher.

use std::collections::BTreeSet;

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::values::hostname;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.matchers.host", check)];

/// No host may be listed twice, however it is written.
pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let mut seen = BTreeSet::new();
    for host in node.items() {
        if !seen.insert(hostname::normal(host.text())) {
            checker.report(&host, Provision::HostTwice);
        }
    }
}

/// The first host that is listed twice, for matchers inside expressions.
pub(in crate::check) fn repeated<'h>(hosts: &[&'h str]) -> Option<&'h str> {
    let mut seen = BTreeSet::new();
    hosts.iter().find(|host| !seen.insert(hostname::normal(host))).copied()
}
