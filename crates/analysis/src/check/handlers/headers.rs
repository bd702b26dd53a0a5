//! The `headers` handler, and header operations inside other handlers.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.headers", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    provision(node, checker);
    for direction in ["request", "response"] {
        for (field, replacements) in node.at(direction).at("replace").fields() {
            for replacement in replacements.items() {
                let (plain, pattern) =
                    (replacement.at("search").text(), replacement.at("search_regexp").text());
                if !plain.is_empty() && !pattern.is_empty() {
                    checker.report(&replacement, Provision::ReplacesBoth { field: field.to_owned() });
                }
            }
        }
    }
}

/// What is checked of header operations wherever they stand.
pub(in crate::check) fn provision(node: &Node, checker: &mut Checker) {
    for direction in ["request", "response"] {
        for (_, replacements) in node.at(direction).at("replace").fields() {
            for replacement in replacements.items() {
                let pattern = replacement.at("search_regexp");
                // With a placeholder it is only compiled when a request comes.
                if !has_placeholder(pattern.text()) {
                    checker.regexp(&pattern, pattern.text());
                }
            }
        }
    }
}

/// Whether Caddy takes the text to have a placeholder: any `{` with something before the next `}`.
fn has_placeholder(text: &str) -> bool {
    text.split_once('{').is_some_and(|(_, after)| after.find('}').is_some_and(|end| end > 0))
}
