//! What has no effect, or what Caddy does by itself.

use crate::lint::Rule;

pub(super) mod connection_header;
pub(super) mod flush_interval;
pub(super) mod forwarded_header;
pub(super) mod host_header;
pub(super) mod manual_https_redirect;
pub(super) mod match_all_path;
pub(super) mod untrusted_client_ip_headers;
pub(super) mod unused_matcher;
pub(super) mod unused_snippet;

/// The rules, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &match_all_path::RULE,
    &manual_https_redirect::RULE,
    &unused_matcher::RULE,
    &unused_snippet::RULE,
    &untrusted_client_ip_headers::RULE,
    &forwarded_header::RULE,
    &host_header::RULE,
    &connection_header::RULE,
    &flush_interval::RULE,
];
