//! The proxy through which upstreams are reached.

use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::values::url;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let address = node.at("url");
    if let Some(why) = url::fault(address.text()) {
        checker.refuse(
            &address,
            format!("the proxy's URL is not valid: {why}"),
            "such as `http://proxy:3128`",
        );
    }
}
