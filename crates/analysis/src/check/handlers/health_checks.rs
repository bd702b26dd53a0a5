//! Health checks of a reverse proxy.

use crate::check::checker::Checker;
use crate::check::finding::Provision;
use crate::check::node::Node;
use crate::check::values::url;

/// Active checks are looked at only when something switches them on: a URI, a path or a port.
pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let active = node.at("active");
    let (uri, body) = (active.at("uri"), active.at("expect_body"));
    let enabled =
        !uri.text().is_empty() || !active.at("path").text().is_empty() || active.at("port").number() != 0;
    if !enabled {
        return;
    }
    if let Some(why) = url::fault(uri.text()) {
        checker.report(&uri, Provision::HealthUri { why });
    }
    checker.regexp(&body, body.text());
}
