//! Names that files are made of.

use caddyctl_language::modules;
use caddyctl_language::spec::ModuleSpec;

pub(super) const ADDRESSES: &[&str] = &[
    "example.com",
    "www.example.com",
    "*.example.com",
    "sub.a.example.com",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "http://example.com",
    "https://example.org",
    "http://",
    "https://",
    ":80",
    ":443",
    ":8080",
    "example.com:8443",
    "http://example.net:8080",
    "example.com/path",
    "internal.local",
    "*.internal.test",
    "{env.HOST}",
    "EXAMPLE.org",
    "a.b.ts.net",
    "*",
    "example.com:80",
    "http://localhost:2015",
    "10.0.0.1:443",
];

/// The modules that a subdirective or option names.
pub(super) fn modules_of(name: &str) -> Option<&'static [&'static ModuleSpec]> {
    Some(match name {
        "output" => modules::writer::NAMESPACE.all,
        "format" | "wrap" => modules::encoder::NAMESPACE.all,
        "lb_policy" | "fallback" => modules::selection::NAMESPACE.all,
        "transport" => modules::transport::NAMESPACE.all,
        "dynamic" => modules::upstreams::NAMESPACE.all,
        "issuer" | "cert_issuer" => modules::issuer::NAMESPACE.all,
        "get_certificate" => modules::certificate_manager::NAMESPACE.all,
        "permission" => modules::permission::NAMESPACE.all,
        "trust_pool" | "tls_trust_pool" => modules::trust_pool::NAMESPACE.all,
        "verifier" => modules::client_verifier::NAMESPACE.all,
        "storage" => modules::storage::NAMESPACE.all,
        "trusted_proxies" => modules::ip_source::NAMESPACE.all,
        "network_proxy" => modules::network_proxy::NAMESPACE.all,
        "core" => modules::log_core::NAMESPACE.all,
        _ => return None,
    })
}
