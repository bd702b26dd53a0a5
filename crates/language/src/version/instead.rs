//! What to write for a version that does not have a word.

/// The kind of the word that a block belongs to, the name of that, the way down to the word, and what to write.
type Instead = (&'static str, &'static str, &'static str, &'static str);

const ALL: &[Instead] = &[
    ("directive", "basic_auth", "", "write `basicauth`"),
    ("directive", "log_skip", "", "write `skip_log`"),
    ("directive", "log_name", "", "write a `log` block with `hostnames` for each site"),
    ("directive", "tls", "client_auth/trust_pool", "write `trusted_ca_cert_file <file>`"),
    ("directive", "request_body", "set", "leave the body as it is: no word of this version changes it"),
    ("directive", "uri", "query", "write the query in `rewrite`"),
    ("directive", "reverse_proxy", "request_buffers", "write `buffer_requests` and `max_buffer_size`"),
    ("directive", "reverse_proxy", "response_buffers", "write `buffer_responses` and `max_buffer_size`"),
    ("directive", "reverse_proxy", "health_upstream", "write `health_port`"),
    ("transport", "http", "network_proxy", "write `forward_proxy_url <url>`"),
    ("transport", "http", "tls_trust_pool", "write `tls_trusted_ca_certs <files...>`"),
    ("global option", "metrics", "", "write `metrics` into the block of `servers`"),
];

/// What to write in place of a word, in words that follow "for Caddy 2.8.4, ".
pub(crate) fn find(what: &str, name: &str, way: &str) -> Option<&'static str> {
    let found = ALL.iter().find(|entry| (entry.0, entry.1, entry.2) == (what, name, way));
    found.map(|entry| entry.3)
}
