//! Matchers with a regular expression that may have a name.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("http.matchers.header_regexp", named_map),
    ("http.matchers.path_regexp", named),
    ("http.matchers.vars_regexp", named_map),
];

/// `path_regexp`.
pub(in crate::check) fn named(node: &Node, checker: &mut Checker) {
    let (name, pattern) = (node.at("name"), node.at("pattern"));
    checker.regexp(&pattern, pattern.text());
    self::name(&name, checker);
}

/// `header_regexp` and `vars_regexp`: one for each field.
pub(in crate::check) fn named_map(node: &Node, checker: &mut Checker) {
    for (_, matcher) in node.fields() {
        named(&matcher, checker);
    }
}

/// The name of a regular expression. Caddy wants just one word character somewhere.
pub(in crate::check) fn name(name: &Node, checker: &mut Checker) {
    let text = name.text();
    if !text.is_empty() && !text.bytes().any(|b| b.is_ascii_alphanumeric() || b == b'_') {
        checker.report(name, Provision::RegexpName);
    }
}
