//! Load-balancing policies.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("http.reverse_proxy.selection_policies.cookie", fallback),
    ("http.reverse_proxy.selection_policies.header", header),
    ("http.reverse_proxy.selection_policies.query", query),
    ("http.reverse_proxy.selection_policies.random_choose", random_choose),
    ("http.reverse_proxy.selection_policies.weighted_round_robin", weighted_round_robin),
];

/// `cookie`, and the others that fall back to a further policy.
pub(in crate::check) fn fallback(node: &Node, checker: &mut Checker) {
    checker.module("http.reverse_proxy.selection_policies", "policy", &node.at("fallback"));
}

/// `header`: needs a field.
pub(in crate::check) fn header(node: &Node, checker: &mut Checker) {
    if node.at("field").text().is_empty() {
        checker.report(node, Provision::NoHeaderField);
    }
    fallback(node, checker);
}

/// `query`: needs a key.
pub(in crate::check) fn query(node: &Node, checker: &mut Checker) {
    if node.at("key").text().is_empty() {
        checker.report(node, Provision::NoQueryKey);
    }
    fallback(node, checker);
}

/// `random_choose`: at least two; 0 stands for two.
pub(in crate::check) fn random_choose(node: &Node, checker: &mut Checker) {
    let choose = node.at("choose");
    if choose.number() != 0 && choose.number() < 2 {
        checker.report(&choose, Provision::RandomChoose);
    }
}

/// `weighted_round_robin`: no weight is negative, and not all are zero.
pub(in crate::check) fn weighted_round_robin(node: &Node, checker: &mut Checker) {
    let weights: Vec<i64> = node.at("weights").items().map(|weight| weight.number()).collect();
    if weights.iter().any(|weight| *weight < 0) {
        checker.report(node, Provision::NegativeWeight);
    } else if weights.iter().all(|weight| *weight == 0) {
        checker.report(node, Provision::NoWeight);
    }
}
