//! The `remote_ip` and `client_ip` matchers.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::values::ip_range;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks =
    &[("http.matchers.client_ip", check), ("http.matchers.remote_ip", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for range in node.at("ranges").items() {
        match placeholders::fill(checker, range.text()) {
            Filled::Unknown => checker.report(&range, Machine::RangeUnknown),
            Filled::Text(text) => {
                if let Some(why) = fault(&text) {
                    checker.report(&range, Provision::MatchedRange { why });
                }
            }
        }
    }
}

/// Why a text is no range. A zone goes before the rest is looked at, so it may stand anywhere behind a `%`.
pub(in crate::check) fn fault(text: &str) -> Option<String> {
    ip_range::fault(text.split('%').next().unwrap_or(""))
}
