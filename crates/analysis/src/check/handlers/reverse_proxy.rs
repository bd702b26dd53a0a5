//! The `reverse_proxy` handler.

use super::{headers, health_checks, rewrite};
use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::http::{routes, trusted_proxies};
use crate::check::node::Node;
use caddyctl_language::config::NetworkAddress;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.reverse_proxy", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module("http.reverse_proxy.transport", "protocol", &node.at("transport"));
    let balancing = node.at("load_balancing");
    checker.module("http.reverse_proxy.selection_policies", "policy", &balancing.at("selection_policy"));
    checker.module("http.reverse_proxy.circuit_breakers", "type", &node.at("circuit_breaker"));
    checker.module("http.reverse_proxy.upstreams", "source", &node.at("dynamic_upstreams"));
    trusted_proxies::ranges(&node.at("trusted_proxies"), checker);
    headers::provision(&node.at("headers"), checker);
    rewrite::check(&node.at("rewrite"), checker);
    routes::matcher_sets(&balancing.at("retry_match"), checker);
    health_checks::check(&node.at("health_checks"), checker);
    routes::response_handlers(&node.at("handle_response"), checker);
    for upstream in node.at("upstreams").items() {
        dial(&upstream.at("dial"), checker);
    }
    weights(node, checker);
}

/// Caddy looks at an upstream's address when a request comes; a malformed one fails each of them.
fn dial(dial: &Node, checker: &mut Checker) {
    if dial.text().is_empty() || dial.text().contains('{') {
        return;
    }
    match NetworkAddress::parse(dial.text()) {
        Err(why) => checker.report(dial, Provision::Upstream { why: why.to_string() }),
        Ok(address) if address.ports() != 1 => {
            checker.report(dial, Provision::UpstreamPorts);
        }
        Ok(_) => {}
    }
}

/// The weights belong to the upstreams one by one.
fn weights(node: &Node, checker: &mut Checker) {
    let balancing = node.at("load_balancing");
    let policy = balancing.at("selection_policy");
    let weights = policy.at("weights");
    let upstreams = node.at("upstreams").count();
    if weights.count() > 0 && node.at("dynamic_upstreams").is_null() && weights.count() != upstreams {
        checker.report(&weights, Provision::Weights { weights: weights.count(), upstreams });
    }
}
