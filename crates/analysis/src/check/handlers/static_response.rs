//! The `static_response` and `error` handlers. Caddy checks nothing here before a request comes.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks =
    &[("http.handlers.error", check), ("http.handlers.static_response", check)];

/// A status code that HTTP cannot carry.
pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let status = node.at("status_code");
    let code =
        status.view().as_number().and_then(serde_json::Number::as_i64).or_else(|| status.text().parse().ok());
    if let Some(code) = code.filter(|code| *code != 0 && !(100..=999).contains(code)) {
        checker.report(&status, Provision::Status { code });
    }
}
