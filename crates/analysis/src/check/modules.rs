//! What each module of stock Caddy checks when it is provisioned. Which modules there are, the language declares; what one
//! checks is next to its check.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::checker::{Check, Checker, Checks};
use super::node::Node;
use super::{apps, handlers, http, logs, matchers, tls};
use caddyctl_language::reference::{self, ModuleId};

/// Those that check something, by file.
const CHECKS: &[Checks] = &[
    apps::events::CHECKS,
    apps::filesystems::CHECKS,
    apps::http::CHECKS,
    apps::pki::CHECKS,
    apps::tls::CHECKS,
    handlers::acme_server::CHECKS,
    handlers::authentication::CHECKS,
    handlers::copy_response_headers::CHECKS,
    handlers::encode::CHECKS,
    handlers::file_server::CHECKS,
    handlers::headers::CHECKS,
    handlers::http_basic::CHECKS,
    handlers::intercept::CHECKS,
    handlers::map::CHECKS,
    handlers::push::CHECKS,
    handlers::reverse_proxy::CHECKS,
    handlers::rewrite::CHECKS,
    handlers::selection_policy::CHECKS,
    handlers::static_response::CHECKS,
    handlers::subroute::CHECKS,
    handlers::templates::CHECKS,
    handlers::transport::CHECKS,
    handlers::upstreams::CHECKS,
    http::network_proxy::CHECKS,
    http::proxy_protocol::CHECKS,
    http::trusted_proxies::CHECKS,
    logs::CHECKS,
    logs::encoder::CHECKS,
    logs::file_writer::CHECKS,
    logs::filter::CHECKS,
    logs::net_writer::CHECKS,
    matchers::expression::CHECKS,
    matchers::file::CHECKS,
    matchers::host::CHECKS,
    matchers::ip::CHECKS,
    matchers::not::CHECKS,
    matchers::regexp::CHECKS,
    matchers::url_pattern::CHECKS,
    tls::automation_policy::CHECKS,
    tls::ca_pool::CHECKS,
    tls::certificates::CHECKS,
    tls::ech::CHECKS,
    tls::handshake_match::CHECKS,
    tls::issuer::CHECKS,
    tls::leaf_verifier::CHECKS,
    tls::session_tickets::CHECKS,
];

/// The check of the module `name` of `namespace`; `None` when stock Caddy has no such module.
pub(super) fn find(namespace: &str, name: &str) -> Option<Check> {
    static BY_NAME: LazyLock<FxHashMap<(&str, &str), Check>> = LazyLock::new(|| {
        let mut all: FxHashMap<_, Check> = FxHashMap::default();
        all.extend(
            reference::modules().map(|ModuleId { namespace, name }| ((namespace, name), nothing as Check)),
        );
        all.extend(checks().map(|(id, check)| (apart(id), check)));
        all
    });
    // A name with a dot reaches into a namespace below.
    let joined;
    let id = match (namespace, name.contains('.')) {
        (_, false) => (namespace, name),
        ("", true) => apart(name),
        (_, true) => {
            joined = format!("{namespace}.{name}");
            apart(&joined)
        }
    };
    BY_NAME.get(&id).copied()
}

fn checks() -> impl Iterator<Item = (&'static str, Check)> {
    CHECKS.iter().copied().flatten().copied()
}

/// The namespace of a module, and its name there.
fn apart(id: &str) -> (&str, &str) {
    id.rsplit_once('.').unwrap_or(("", id))
}

/// Of a module that accepts whatever it is given.
fn nothing(_: &Node, _: &mut Checker) {}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{checks, find};
    use caddyctl_language::reference;

    #[test]
    fn each_check_is_of_a_module_that_is_declared() {
        let declared: HashSet<String> = reference::modules().map(|id| id.to_string()).collect();
        let mut seen = HashSet::new();
        for (id, _) in checks() {
            assert!(declared.contains(id), "{id} is not declared");
            assert!(seen.insert(id), "{id} is checked twice");
        }
    }

    #[test]
    fn each_is_found_by_its_parts() {
        for id in reference::modules() {
            assert!(find(id.namespace, id.name).is_some(), "{id}");
        }
        assert!(
            find("http", "handlers").is_none() && find("", "http.").is_none() && find("tls", "").is_none()
        );
        assert!(find("caddy.logging.encoders", "filter.cookie").is_some());
    }
}
