//! The `pki` app: local certificate authorities.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::values::{certificate, hostname, ip_range};
use crate::check::view::View;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("pki", check)];

const HOUR: i64 = 3_600_000_000_000;
/// How long a root that Caddy makes is valid.
const ROOT_LIFETIME: i64 = 3600 * 24 * HOUR;
/// How long an intermediate certificate is valid by default.
const INTERMEDIATE_LIFETIME: i64 = 7 * 24 * HOUR;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for (id, authority) in node.at("certificate_authorities").fields() {
        if id.is_empty() {
            checker.report(&authority, Provision::AuthorityNameless);
        }
        checker.module("caddy.storage", "module", &authority.at("storage"));
        key_pair(&authority.at("root"), checker);
        outlives_root(&authority, checker);
        key_pair(&authority.at("intermediate"), checker);
        let lifetime = authority.at("intermediate_lifetime");
        let managed = authority.at("root").is_null() && authority.at("intermediate").is_null();
        if managed && lifetime.number() >= ROOT_LIFETIME {
            checker.report(&lifetime, Provision::OutlivesOwnRoot);
        }
    }
}

/// An intermediate certificate that Caddy makes must expire before a root that comes from a file.
fn outlives_root(authority: &Node, checker: &mut Checker) {
    let pair = authority.at("root");
    let root = pair.at("certificate");
    let (Some(facts), true) = (checker.facts, authority.at("intermediate").is_null()) else { return };
    let not_after = facts.read(root.text().as_ref()).ok().and_then(|bytes| certificate::not_after(&bytes));
    let lifetime = match authority.at("intermediate_lifetime").number() {
        0 => INTERMEDIATE_LIFETIME,
        lifetime => lifetime,
    };
    let wanted = facts.now() + std::time::Duration::from_nanos(u64::try_from(lifetime).unwrap_or(0));
    if not_after.is_some_and(|not_after| wanted >= not_after) {
        checker.report(&root, Machine::OutlivesRoot);
    }
}

/// How long the intermediate certificates of the authority `id` are valid, in nanoseconds; `None` when they come from
/// a file.
pub(in crate::check) fn intermediate_lifetime(id: &str, checker: &Checker) -> Option<i64> {
    let app = checker.app("pki");
    let authorities = app.at("certificate_authorities");
    let authority = authorities.at(id);
    if !authority.at("intermediate").is_null() {
        return None;
    }
    match authority.at("intermediate_lifetime").number() {
        0 => Some(INTERMEDIATE_LIFETIME),
        lifetime => Some(lifetime),
    }
}

/// Whether there is an authority `id`. `local` is made when it is missing.
pub(in crate::check) fn has_authority(id: &str, checker: &Checker) -> bool {
    id == "local" || !checker.app("pki").at("certificate_authorities").at(id).is_null()
}

/// Whether the app is there: configured, or brought by something that needs a local authority.
pub(in crate::check) fn is_loaded(checker: &Checker) -> bool {
    *checker.loads_pki.get_or_init(|| loads(checker))
}

fn loads(checker: &Checker) -> bool {
    let tls = checker.app("tls");
    let automation = tls.at("automation");
    let policies = automation.at("policies");
    let internal =
        |policy: Node| policy.at("issuers").items().any(|issuer| issuer.at("module").text() == "internal");
    !checker.app("pki").is_null()
        || policies.items().any(internal)
        || checker
            .app("http")
            .at("servers")
            .fields()
            .any(|(name, server)| needs_authority(&checker.with_routes(name, server), policies.count() == 0))
}

/// Whether a server has a host that no public authority serves, or an ACME server.
fn needs_authority(server: &Node, no_policies: bool) -> bool {
    let automatic = server.at("automatic_https");
    let managed = !automatic.at("disable").is_true() && !automatic.at("disable_certificates").is_true();
    let is_skipped = |name: &str| {
        let lists = [automatic.at("skip"), automatic.at("skip_certificates")];
        lists.iter().any(|list| list.items().any(|host| host.text() == name))
    };
    let inner = |host: Node| {
        let name = host.text();
        if is_skipped(name) {
            return false;
        }
        let address = no_policies && ip_range::parse(name).is_some();
        hostname::can_have_certificate(name) && (address || !hostname::is_public(name))
    };
    let routes = server.at("routes");
    let has_inner = |route: Node| route.at("match").items().any(|set| set.at("host").items().any(inner));
    (managed && routes.items().any(has_inner)) || mentions_acme_server(routes.view())
}

fn mentions_acme_server(view: View) -> bool {
    let mut rest = vec![view];
    while let Some(view) = rest.pop() {
        if view.at("handler").as_text() == Some("acme_server") {
            return true;
        }
        match view {
            View::Route(_) => rest.push(view.at("handle")),
            View::Subroute(_) => rest.push(view.at("routes")),
            _ => {
                rest.extend(view.items());
                rest.extend(view.fields().map(|(_, field)| field));
            }
        }
    }
    false
}

fn key_pair(pair: &Node, checker: &mut Checker) {
    if pair.is_null() {
        return;
    }
    let format = pair.at("format");
    if !matches!(format.text(), "" | "pem_file") {
        checker.report(&format, Provision::KeyFormat);
        return;
    }
    let (certificate, key) = (pair.at("certificate"), pair.at("private_key"));
    let Some(chain) = checker.read(&certificate, certificate.text(), "certificate") else { return };
    let chain_fault = match certificate::all(&chain).as_slice() {
        [] => Some("it has no PEM certificate".to_owned()),
        certificates => certificates.iter().find_map(|der| certificate::der_fault(der)),
    };
    if let Some(why) = chain_fault {
        checker.report(&certificate, Machine::AuthorityCertificate { why });
        return;
    }
    if key.text().is_empty() {
        return;
    }
    let Some(private) = checker.read(&key, key.text(), "private key") else { return };
    if let Err(why) = certificate::pair(&chain, &private) {
        checker.report(pair, Machine::AuthorityPair { why });
    }
}
