//! The modules of stock Caddy, and what each checks when it is provisioned.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::checker::{Check, Checker};
use super::node::Node;
use super::{apps, handlers, http, logs, matchers, tls};

/// The check of the module `name` of `namespace`; `None` when stock Caddy has no such module.
pub(super) fn find(namespace: &str, name: &str) -> Option<Check> {
    static BY_NAME: LazyLock<FxHashMap<(&str, &str), Check>> =
        LazyLock::new(|| MODULES.iter().map(|(id, check)| (apart(id), *check)).collect());
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

/// The namespace of a module, and its name there.
fn apart(id: &str) -> (&str, &str) {
    id.rsplit_once('.').unwrap_or(("", id))
}

/// Of a module that accepts whatever it is given.
fn nothing(_: &Node, _: &mut Checker) {}

/// `caddy list-modules` of Caddy 2.11.7, without those that a configuration cannot name.
const MODULES: &[(&str, Check)] = &[
    ("caddy.filesystems", apps::filesystems::check),
    ("caddy.listeners.http_redirect", nothing),
    ("caddy.listeners.proxy_protocol", http::proxy_protocol::check),
    ("caddy.listeners.tls", nothing),
    ("caddy.logging.cores.mock", logs::mock),
    ("caddy.logging.encoders.append", logs::encoder::wrapping),
    ("caddy.logging.encoders.console", nothing),
    ("caddy.logging.encoders.filter", logs::encoder::filter),
    ("caddy.logging.encoders.filter.cookie", logs::filter::actions),
    ("caddy.logging.encoders.filter.delete", nothing),
    ("caddy.logging.encoders.filter.hash", nothing),
    ("caddy.logging.encoders.filter.ip_mask", nothing),
    ("caddy.logging.encoders.filter.multi_regexp", logs::filter::multi_regexp),
    ("caddy.logging.encoders.filter.query", logs::filter::actions),
    ("caddy.logging.encoders.filter.regexp", logs::filter::regexp),
    ("caddy.logging.encoders.filter.rename", nothing),
    ("caddy.logging.encoders.filter.replace", nothing),
    ("caddy.logging.encoders.filter.set_cookie", logs::filter::actions),
    ("caddy.logging.encoders.journald", logs::encoder::wrapping),
    ("caddy.logging.encoders.json", nothing),
    ("caddy.logging.writers.discard", nothing),
    ("caddy.logging.writers.file", logs::file_writer::check),
    ("caddy.logging.writers.net", logs::net_writer::check),
    ("caddy.logging.writers.stderr", nothing),
    ("caddy.logging.writers.stdout", nothing),
    ("caddy.network_proxy.none", nothing),
    ("caddy.network_proxy.url", http::network_proxy::check),
    ("caddy.storage.file_system", nothing),
    ("events", apps::events::check),
    ("http", apps::http::check),
    ("http.authentication.hashes.argon2id", nothing),
    ("http.authentication.hashes.bcrypt", nothing),
    ("http.authentication.providers.http_basic", handlers::http_basic::check),
    ("http.encoders.gzip", handlers::encode::gzip),
    ("http.encoders.zstd", handlers::encode::zstd),
    ("http.handlers.acme_server", handlers::acme_server::check),
    ("http.handlers.authentication", handlers::authentication::check),
    ("http.handlers.copy_response", nothing),
    ("http.handlers.copy_response_headers", handlers::copy_response_headers::check),
    ("http.handlers.encode", handlers::encode::check),
    ("http.handlers.error", handlers::static_response::check),
    ("http.handlers.file_server", handlers::file_server::check),
    ("http.handlers.headers", handlers::headers::check),
    ("http.handlers.intercept", handlers::intercept::check),
    ("http.handlers.invoke", nothing),
    ("http.handlers.log_append", nothing),
    ("http.handlers.map", handlers::map::check),
    ("http.handlers.metrics", nothing),
    ("http.handlers.push", handlers::push::check),
    ("http.handlers.request_body", nothing),
    ("http.handlers.reverse_proxy", handlers::reverse_proxy::check),
    ("http.handlers.rewrite", handlers::rewrite::check),
    ("http.handlers.static_response", handlers::static_response::check),
    ("http.handlers.subroute", handlers::subroute::check),
    ("http.handlers.templates", handlers::templates::check),
    ("http.handlers.timeouts", nothing),
    ("http.handlers.tracing", nothing),
    ("http.handlers.vars", nothing),
    ("http.ip_sources.static", http::trusted_proxies::fixed),
    ("http.matchers.client_ip", matchers::ip::check),
    ("http.matchers.expression", matchers::expression::check),
    ("http.matchers.file", matchers::file::check),
    ("http.matchers.header", nothing),
    ("http.matchers.header_regexp", matchers::regexp::named_map),
    ("http.matchers.host", matchers::host::check),
    ("http.matchers.method", nothing),
    ("http.matchers.not", matchers::not::check),
    ("http.matchers.path", nothing),
    ("http.matchers.path_regexp", matchers::regexp::named),
    ("http.matchers.protocol", nothing),
    ("http.matchers.query", nothing),
    ("http.matchers.remote_ip", matchers::ip::check),
    ("http.matchers.tls", nothing),
    ("http.matchers.url_pattern", matchers::url_pattern::check),
    ("http.matchers.vars", nothing),
    ("http.matchers.vars_regexp", matchers::regexp::named_map),
    ("http.precompressed.br", nothing),
    ("http.precompressed.gzip", nothing),
    ("http.precompressed.zstd", nothing),
    ("http.reverse_proxy.selection_policies.client_ip_hash", nothing),
    ("http.reverse_proxy.selection_policies.cookie", handlers::selection_policy::fallback),
    ("http.reverse_proxy.selection_policies.first", nothing),
    ("http.reverse_proxy.selection_policies.header", handlers::selection_policy::header),
    ("http.reverse_proxy.selection_policies.ip_hash", nothing),
    ("http.reverse_proxy.selection_policies.least_conn", nothing),
    ("http.reverse_proxy.selection_policies.query", handlers::selection_policy::query),
    ("http.reverse_proxy.selection_policies.random", nothing),
    ("http.reverse_proxy.selection_policies.random_choose", handlers::selection_policy::random_choose),
    ("http.reverse_proxy.selection_policies.round_robin", nothing),
    ("http.reverse_proxy.selection_policies.uri_hash", nothing),
    (
        "http.reverse_proxy.selection_policies.weighted_round_robin",
        handlers::selection_policy::weighted_round_robin,
    ),
    ("http.reverse_proxy.transport.fastcgi", handlers::transport::fastcgi),
    ("http.reverse_proxy.transport.http", handlers::transport::http),
    ("http.reverse_proxy.upstreams.a", handlers::upstreams::resolver),
    ("http.reverse_proxy.upstreams.multi", handlers::upstreams::multi),
    ("http.reverse_proxy.upstreams.srv", handlers::upstreams::resolver),
    ("pki", apps::pki::check),
    ("tls", apps::tls::check),
    ("tls.ca_pool.source.combined", tls::ca_pool::combined),
    ("tls.ca_pool.source.file", tls::ca_pool::file),
    ("tls.ca_pool.source.http", tls::ca_pool::http),
    ("tls.ca_pool.source.inline", tls::ca_pool::inline),
    ("tls.ca_pool.source.pki_intermediate", tls::ca_pool::pki),
    ("tls.ca_pool.source.pki_root", tls::ca_pool::pki),
    ("tls.ca_pool.source.storage", tls::ca_pool::storage),
    ("tls.ca_pool.source.system", nothing),
    ("tls.certificates.automate", nothing),
    ("tls.certificates.load_files", tls::certificates::files),
    ("tls.certificates.load_folders", tls::certificates::folders),
    ("tls.certificates.load_pem", tls::certificates::inline),
    ("tls.certificates.load_storage", tls::certificates::storage),
    ("tls.client_auth.verifier.leaf", tls::leaf_verifier::check),
    ("tls.ech.publishers.dns", tls::ech::dns_publisher),
    ("tls.get_certificate.http", tls::automation_policy::http_manager),
    ("tls.get_certificate.tailscale", nothing),
    ("tls.handshake_match.local_ip", tls::handshake_match::ip),
    ("tls.handshake_match.remote_ip", tls::handshake_match::ip),
    ("tls.handshake_match.sni", nothing),
    ("tls.handshake_match.sni_regexp", tls::handshake_match::sni_regexp),
    ("tls.issuance.acme", tls::issuer::acme),
    ("tls.issuance.internal", tls::issuer::internal),
    ("tls.issuance.zerossl", tls::issuer::zerossl),
    ("tls.leaf_cert_loader.file", tls::leaf_verifier::files),
    ("tls.leaf_cert_loader.folder", tls::leaf_verifier::folders),
    ("tls.leaf_cert_loader.pem", tls::leaf_verifier::inline),
    ("tls.leaf_cert_loader.storage", tls::leaf_verifier::storage),
    ("tls.permission.http", nothing),
    ("tls.stek.distributed", tls::session_tickets::distributed),
    ("tls.stek.standard", nothing),
];

#[cfg(test)]
mod tests {
    use super::{MODULES, find};

    #[test]
    fn the_table_is_sorted_and_has_no_name_twice() {
        assert!(MODULES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn each_is_found_by_its_parts() {
        for (id, _) in MODULES {
            let (namespace, name) = id.rsplit_once('.').unwrap_or(("", id));
            assert!(find(namespace, name).is_some(), "{id}");
        }
        assert!(
            find("http", "handlers").is_none() && find("", "http.").is_none() && find("tls", "").is_none()
        );
        assert!(find("caddy.logging.encoders", "filter.cookie").is_some());
    }
}
