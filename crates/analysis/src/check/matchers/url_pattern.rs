//! The `url_pattern` matcher.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::values::url_pattern;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.matchers.url_pattern", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let pattern = node.at("pattern");
    if let Some(why) = url_pattern::fault(pattern.text(), node.at("base_url").text()) {
        checker.report(&pattern, Provision::UrlPattern { why });
    }
}
