//! Policies for managed certificates.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("tls.get_certificate.http", http_manager)];

/// The kinds of keys that Caddy makes.
const KEY_TYPES: &[&str] = &["ed25519", "p256", "p384", "rsa2048", "rsa4096"];

pub(in crate::check) fn check(policy: &Node, checker: &mut Checker) {
    checker.module("caddy.storage", "module", &policy.at("storage"));
    checker.modules("tls.get_certificate", "via", &policy.at("get_certificate"));
    checker.modules("tls.issuance", "module", &policy.at("issuers"));
    key_type(&policy.at("key_type"), checker);
    on_demand(policy, checker);
}

fn key_type(node: &Node, checker: &mut Checker) {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Err(why) => checker.report(node, Provision::Unread { what: "key type", why }),
        Ok(Filled::Unknown) => checker.report(node, Machine::KeyTypeUnknown),
        Ok(Filled::Text(kind)) if !kind.is_empty() && !KEY_TYPES.contains(&kind.as_str()) => {
            checker.report(node, Provision::KeyType { kind, known: KEY_TYPES.join(", ") });
        }
        Ok(Filled::Text(_)) => {}
    }
}

/// Whoever connects could make Caddy ask for any number of certificates, so on-demand TLS for all names needs a
/// permission, unless the certificates come from a manager or from the local authority alone.
fn on_demand(policy: &Node, checker: &mut Checker) {
    if !policy.at("on_demand").is_true() || !policy.at("get_certificate").is_null() {
        return;
    }
    let subjects = policy.at("subjects");
    let unbounded = subjects.count() == 0 || subjects.items().any(|subject| subject.text().starts_with('*'));
    let issuers: Vec<&str> = policy.at("issuers").items().map(|issuer| issuer.at("module").text()).collect();
    let is_permitted = !checker.app("tls").at("automation").at("on_demand").at("permission").is_null();
    if unbounded && issuers != ["internal"] && !is_permitted {
        checker.report(policy, Provision::OnDemandOpen);
    }
}

/// The manager `http`.
pub(in crate::check) fn http_manager(node: &Node, checker: &mut Checker) {
    if node.at("url").text().is_empty() {
        checker.report(node, Provision::ManagerUrl);
    }
}
