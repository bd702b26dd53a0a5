//! Matchers for TLS handshakes.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::matchers::regexp;
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::values::ip_range;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("tls.handshake_match.local_ip", ip),
    ("tls.handshake_match.remote_ip", ip),
    ("tls.handshake_match.sni_regexp", sni_regexp),
];

/// `remote_ip` and `local_ip`.
pub(in crate::check) fn ip(node: &Node, checker: &mut Checker) {
    for key in ["ranges", "not_ranges"] {
        for range in node.at(key).items() {
            match placeholders::fill(checker, range.text()) {
                Filled::Unknown => checker.report(&range, Machine::RangeUnknown),
                Filled::Text(text) => {
                    if let Some(why) = ip_range::fault(&text) {
                        checker.report(&range, Provision::Range { why });
                    }
                }
            }
        }
    }
}

/// `sni_regexp`: a pattern in which placeholders are filled in first.
pub(in crate::check) fn sni_regexp(node: &Node, checker: &mut Checker) {
    let (name, pattern) = (node.at("name"), node.at("pattern"));
    match placeholders::fill(checker, pattern.text()) {
        Filled::Unknown => checker.report(&pattern, Machine::PatternUnknown),
        Filled::Text(text) => checker.regexp(&pattern, &text),
    }
    regexp::name(&name, checker);
}
