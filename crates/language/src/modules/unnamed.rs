//! Modules of the stock build that no word of a Caddyfile is the name of: apps, and what directives or JSON alone set up.

/// What Caddy calls them.
pub static ALL: &[&str] = &[
    "caddy.filesystems",
    "events",
    "http",
    "http.authentication.providers.http_basic",
    "pki",
    "tls",
    "tls.certificates.automate",
    "tls.certificates.load_files",
    "tls.certificates.load_folders",
    "tls.certificates.load_pem",
    "tls.certificates.load_storage",
    "tls.ech.publishers.dns",
    "tls.handshake_match.local_ip",
    "tls.handshake_match.remote_ip",
    "tls.handshake_match.sni",
    "tls.handshake_match.sni_regexp",
    "tls.leaf_cert_loader.storage",
    "tls.stek.distributed",
    "tls.stek.standard",
];
