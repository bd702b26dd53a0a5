//! The `acme_server` handler.

use super::upstreams;
use crate::check::apps::pki;
use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.acme_server", check)];

/// How long certificates are valid by default: twelve hours, in nanoseconds.
const LIFETIME: i64 = 12 * 3_600_000_000_000;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for challenge in node.at("challenges").items() {
        if !matches!(challenge.text().trim().to_lowercase().as_str(), "http-01" | "dns-01" | "tls-alpn-01") {
            checker.report(&challenge, Provision::AcmeChallenge);
        }
    }
    let prefix = node.at("path_prefix");
    if !prefix.text().is_empty()
        && (!prefix.text().starts_with('/') || prefix.text().contains(['{', '}', '*']))
    {
        checker.report(&prefix, Provision::AcmePath);
    }
    let authority = node.at("ca");
    let id = if authority.text().is_empty() { "local" } else { authority.text() };
    if pki::has_authority(id, checker) {
        lifetime(node, id, checker);
    } else {
        checker.report(&authority, Provision::NoAuthority);
    }
    let own = node.at("resolvers");
    if own.count() > 0 {
        upstreams::resolver_addresses(&own, checker);
    } else {
        let tls = checker.app("tls");
        upstreams::resolver_addresses(&tls.at("resolvers"), checker);
    }
}

fn lifetime(node: &Node, id: &str, checker: &mut Checker) {
    let given = node.at("lifetime");
    let lifetime = if given.number() == 0 { LIFETIME } else { given.number() };
    if let Some(intermediate) = pki::intermediate_lifetime(id, checker)
        && lifetime >= intermediate
    {
        checker.report(&given, Provision::AcmeLifetime { authority: id.to_owned() });
    }
}
