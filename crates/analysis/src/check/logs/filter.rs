//! Filters for the fields of log entries.

use crate::check::checker::Checker;
use crate::check::node::Node;

/// The most operations that `multi_regexp` takes.
const MAX_OPERATIONS: usize = 50;
/// The longest pattern that it takes, in bytes.
const MAX_PATTERN: usize = 1000;

/// `query`, `cookie` and `set_cookie`.
pub(in crate::check) fn actions(node: &Node, checker: &mut Checker) {
    for action in node.at("actions").items() {
        let kind = action.at("type");
        if !matches!(kind.text(), "replace" | "hash" | "delete") {
            let message = format!("there is no filter action `{}`", kind.text());
            checker.refuse(&kind, message, "one of replace, hash and delete");
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
        0 => checker.refuse(node, "the filter has no regular expression", "give at least one"),
        count if count > MAX_OPERATIONS => {
            let message =
                format!("the filter has {count} regular expressions; Caddy takes at most {MAX_OPERATIONS}");
            checker.refuse(&operations, message, "join some with `|`");
        }
        _ => {}
    }
    for operation in operations.items() {
        let pattern = operation.at("regexp");
        if pattern.text().is_empty() {
            checker.refuse(&operation, "the regular expression is empty", "");
        } else if pattern.text().len() > MAX_PATTERN {
            checker.refuse(
                &pattern,
                format!("the regular expression is longer than {MAX_PATTERN} bytes"),
                "split it",
            );
        } else {
            checker.regexp(&pattern, pattern.text());
        }
    }
}
