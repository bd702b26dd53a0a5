//! The `acme_server` handler.

use super::upstreams;
use crate::check::apps::pki;
use crate::check::checker::Checker;
use crate::check::node::Node;

/// How long certificates are valid when nothing is said: twelve hours, in nanoseconds.
const LIFETIME: i64 = 12 * 3_600_000_000_000;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for challenge in node.at("challenges").items() {
        if !matches!(challenge.text().trim().to_lowercase().as_str(), "http-01" | "dns-01" | "tls-alpn-01") {
            let message = format!("there is no ACME challenge `{}`", challenge.text());
            checker.refuse(&challenge, message, "one of http-01, dns-01 and tls-alpn-01");
        }
    }
    let prefix = node.at("path_prefix");
    if !prefix.text().is_empty()
        && (!prefix.text().starts_with('/') || prefix.text().contains(['{', '}', '*']))
    {
        let message = format!("`{}` cannot be the path of an ACME server", prefix.text());
        checker.refuse(&prefix, message, "start it with `/`, without wildcards and placeholders");
    }
    let authority = node.at("ca");
    let id = if authority.text().is_empty() { "local" } else { authority.text() };
    if pki::has_authority(id, checker) {
        lifetime(node, id, checker);
    } else {
        let message = format!("there is no certificate authority `{id}`");
        checker.refuse(
            &authority,
            message,
            format!("define it in the global option `pki`: `ca {id} {{ … }}`"),
        );
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
        let message = "the certificates would be valid as long as the intermediate certificate or longer";
        let help = format!(
            "choose a shorter `lifetime`, or a longer `intermediate_lifetime` for the authority `{id}`"
        );
        checker.refuse(&given, message, help);
    }
}
