//! Matchers with a regular expression that may have a name.

use crate::check::checker::Checker;
use crate::check::node::Node;

/// `path_regexp`.
pub(in crate::check) fn named(node: &Node, checker: &mut Checker) {
    let (name, pattern) = (node.at("name"), node.at("pattern"));
    checker.regexp(&pattern, pattern.text());
    if let Some(why) = name_fault(name.text()) {
        checker.refuse(&name, why, "use letters, digits and underscores");
    }
}

/// `header_regexp` and `vars_regexp`: one for each field.
pub(in crate::check) fn named_map(node: &Node, checker: &mut Checker) {
    for (_, matcher) in node.fields() {
        named(&matcher, checker);
    }
}

/// Why a regular expression cannot have this name. Caddy wants just one word character somewhere.
pub(in crate::check) fn name_fault(name: &str) -> Option<String> {
    let sound = name.is_empty() || name.bytes().any(|b| b.is_ascii_alphanumeric() || b == b'_');
    (!sound).then(|| format!("`{name}` cannot name a regular expression"))
}
