//! The `url_pattern` matcher.

use crate::check::checker::Checker;
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::values::url_pattern;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let pattern = node.at("pattern");
    if let Some(why) = url_pattern::fault(pattern.text(), node.at("base_url").text()) {
        checker.report(&pattern, Provision::UrlPattern { why });
    }
}
