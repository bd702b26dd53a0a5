//! The `expression` matcher.

use crate::check::checker::{Checker, Checks};
use crate::check::expression;
use crate::check::finding::Expression;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.matchers.expression", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let text = node.view().as_text().unwrap_or_else(|| node.at("expr").text());
    if let Err(fault) = expression::check(text) {
        let (why, help) = (fault.to_string(), fault.help.unwrap_or_default());
        let word = fault.word.unwrap_or_default();
        checker.report(node, Expression::Refused { text: text.to_owned(), word, why, help });
    }
}
