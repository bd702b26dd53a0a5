//! Every rule, one a file, in the order of their codes.

use super::rule::Rule;
use caddyctl_language::diagnostics::Code;

mod answer_before_proxy;
mod auto_https_off_with_password;
mod browse_dotfiles;
mod case_sensitive_guard;
mod connection_header;
mod cors_any_origin_with_credentials;
mod covered_matcher;
mod cut_inside_segment;
mod debug_left_on;
mod deferred_header_block;
mod deleted_header_value;
mod endless_grace;
mod error_never_raised;
mod exact_path_on_proxy;
mod expression_conversion;
mod first_without_fail_duration;
mod flush_interval;
mod forwarded_header;
mod general_header_wins;
mod guard_exact_path;
mod handle_and_strip;
mod handle_exact_root;
mod header_beside_upstream;
mod header_colon;
mod header_name;
mod header_set_and_deleted;
mod header_set_twice;
mod host_as_header;
mod host_header;
mod host_in_two_sites;
mod host_to_https_upstream;
mod hsts_over_http;
mod hsts_preload_incomplete;
mod keepalive_off;
mod lowercased_placeholder;
mod manual_https_redirect;
mod map_star;
mod match_all_path;
mod named_route_first_only;
mod nothing_answers;
mod obsolete_xss_protection;
mod old_argument;
mod old_directive;
mod old_placeholder;
mod old_subdirective;
mod open_admin;
mod open_insight;
mod password_over_http;
mod path_in_address;
mod php_source;
mod prefix_without_boundary;
mod random_error_matcher;
mod redir_target_as_matcher;
mod redirect_before_auth;
mod redirect_to_itself;
mod remote_ip_behind_proxy;
mod respond_swapped;
mod rewrite_before_auth;
mod rewrite_before_routes;
mod secret_in_file;
mod security_header_overwritten;
mod star_host;
mod trusting_everybody;
mod unreachable_handler;
mod unread_body_limit;
mod unspecified_upstream;
mod untrusted_client_ip_headers;
mod unused_matcher;
mod unused_snippet;
mod unverified_upstream;
mod websocket_close;
mod wide_root;

/// The rule that tells of the first of several places only.
pub(super) const FIRST_ONLY: Code = endless_grace::CODE;

/// All rules.
pub static ALL: &[&Rule] = &[
    &handle_exact_root::RULE,
    &unreachable_handler::RULE,
    &answer_before_proxy::RULE,
    &covered_matcher::RULE,
    &rewrite_before_routes::RULE,
    &prefix_without_boundary::RULE,
    &cut_inside_segment::RULE,
    &exact_path_on_proxy::RULE,
    &redirect_to_itself::RULE,
    &host_in_two_sites::RULE,
    &respond_swapped::RULE,
    &named_route_first_only::RULE,
    &deferred_header_block::RULE,
    &header_beside_upstream::RULE,
    &general_header_wins::RULE,
    &redir_target_as_matcher::RULE,
    &random_error_matcher::RULE,
    &first_without_fail_duration::RULE,
    &expression_conversion::RULE,
    &unread_body_limit::RULE,
    &lowercased_placeholder::RULE,
    &nothing_answers::RULE,
    &error_never_raised::RULE,
    &star_host::RULE,
    &map_star::RULE,
    &remote_ip_behind_proxy::RULE,
    &host_as_header::RULE,
    &header_name::RULE,
    &deleted_header_value::RULE,
    &header_set_and_deleted::RULE,
    &header_set_twice::RULE,
    &hsts_over_http::RULE,
    &hsts_preload_incomplete::RULE,
    &security_header_overwritten::RULE,
    &unspecified_upstream::RULE,
    &host_to_https_upstream::RULE,
    &old_directive::RULE,
    &path_in_address::RULE,
    &old_argument::RULE,
    &old_subdirective::RULE,
    &obsolete_xss_protection::RULE,
    &old_placeholder::RULE,
    &websocket_close::RULE,
    &endless_grace::RULE,
    &keepalive_off::RULE,
    &debug_left_on::RULE,
    &match_all_path::RULE,
    &manual_https_redirect::RULE,
    &unused_matcher::RULE,
    &unused_snippet::RULE,
    &untrusted_client_ip_headers::RULE,
    &forwarded_header::RULE,
    &host_header::RULE,
    &connection_header::RULE,
    &flush_interval::RULE,
    &rewrite_before_auth::RULE,
    &redirect_before_auth::RULE,
    &case_sensitive_guard::RULE,
    &php_source::RULE,
    &guard_exact_path::RULE,
    &cors_any_origin_with_credentials::RULE,
    &unverified_upstream::RULE,
    &open_insight::RULE,
    &open_admin::RULE,
    &secret_in_file::RULE,
    &password_over_http::RULE,
    &auto_https_off_with_password::RULE,
    &trusting_everybody::RULE,
    &browse_dotfiles::RULE,
    &wide_root::RULE,
    &header_colon::RULE,
    &handle_and_strip::RULE,
];
