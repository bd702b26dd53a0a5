//! The `acme_server` handler.

use super::upstreams;
use crate::check::apps::pki;
use crate::check::checker::Checker;
use crate::check::node::Node;

const MINUTE: i64 = 60_000_000_000;
/// How long certificates are valid when nothing is said.
const LIFETIME: i64 = 12 * 60 * MINUTE;
/// The longest lifetime that the server hands out.
const LONGEST: i64 = 365 * 24 * 60 * MINUTE;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for challenge in node.at("challenges").items() {
        if !matches!(challenge.text().trim().to_lowercase().as_str(), "http-01" | "dns-01" | "tls-alpn-01") {
            let message = format!("there is no ACME challenge `{}`", challenge.text());
            checker.refuse(&challenge, message, "one of http-01, dns-01 and tls-alpn-01");
        }
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
        let shared = checker.app("tls").at("resolvers");
        upstreams::resolver_addresses(&shared, checker);
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
    } else if lifetime < 5 * MINUTE {
        checker.refuse(&given, "the lifetime is shorter than five minutes", "choose a longer one");
    } else if lifetime > LONGEST {
        checker.refuse(&given, "the lifetime is longer than 365 days", "choose a shorter one");
    }
}
