//! Filters for the fields of log entries.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("caddy.logging.encoders.filter.cookie", actions),
    ("caddy.logging.encoders.filter.multi_regexp", multi_regexp),
    ("caddy.logging.encoders.filter.query", actions),
    ("caddy.logging.encoders.filter.regexp", regexp),
    ("caddy.logging.encoders.filter.set_cookie", actions),
];

/// The most operations that `multi_regexp` takes.
const MAX_OPERATIONS: usize = 50;
/// The longest pattern that it takes, in bytes.
const MAX_PATTERN: usize = 1000;

/// `query`, `cookie` and `set_cookie`.
pub(in crate::check) fn actions(node: &Node, checker: &mut Checker) {
    for action in node.at("actions").items() {
        let kind = action.at("type");
        if !matches!(kind.text(), "replace" | "hash" | "delete") {
            checker.report(&kind, Provision::FilterAction);
        }
    }
}

/// `regexp`.
pub(in crate::check) fn regexp(node: &Node, checker: &mut Checker) {
    let pattern = node.at("regexp");
    checker.regexp(&pattern, pattern.text());
}

/// `multi_regexp`.
pub(in crate::check) fn multi_regexp(node: &Node, checker: &mut Checker) {
    let operations = node.at("operations");
    match operations.count() {
        0 => checker.report(node, Provision::NoFilterRegexp),
        count if count > MAX_OPERATIONS => {
            checker.report(&operations, Provision::ManyFilterRegexps { count, most: MAX_OPERATIONS });
        }
        _ => {}
    }
    for operation in operations.items() {
        let pattern = operation.at("regexp");
        if pattern.text().is_empty() {
            checker.report(&operation, Provision::EmptyRegexp);
        } else if pattern.text().len() > MAX_PATTERN {
            checker.report(&pattern, Provision::LongRegexp { most: MAX_PATTERN });
        } else {
            checker.regexp(&pattern, pattern.text());
        }
    }
}
