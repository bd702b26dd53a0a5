//! What Caddy accepts and does otherwise than the text suggests.

use crate::lint::Rule;

pub(super) mod answer_before_proxy;
pub(super) mod cached_fallback;
pub(super) mod certificate_words;
pub(super) mod colon_in_name;
pub(super) mod covered_matcher;
pub(super) mod cut_inside_segment;
pub(super) mod deferred_header_block;
pub(super) mod deleted_header_value;
pub(super) mod empty_block;
pub(super) mod encoded_stream;
pub(super) mod error_never_raised;
pub(super) mod errors_keep_header;
pub(super) mod exact_path_on_proxy;
pub(super) mod expression_conversion;
pub(super) mod first_without_fail_duration;
pub(super) mod general_header_wins;
pub(super) mod handle_exact_root;
pub(super) mod header_and_upstream;
pub(super) mod header_name;
pub(super) mod header_of_several_words;
pub(super) mod header_set_and_deleted;
pub(super) mod header_set_twice;
pub(super) mod host_as_header;
pub(super) mod host_in_two_sites;
pub(super) mod host_to_https_upstream;
pub(super) mod hsts_over_http;
pub(super) mod hsts_preload_incomplete;
pub(super) mod ignored_words;
pub(super) mod listener_without_site;
pub(super) mod logger_name;
pub(super) mod lowercased_placeholder;
pub(super) mod map_star;
pub(super) mod matcher_never_matches;
pub(super) mod named_route_first_only;
pub(super) mod nested_path;
pub(super) mod nothing_answers;
pub(super) mod one_label_name;
pub(super) mod prefix_without_boundary;
pub(super) mod random_error_matcher;
pub(super) mod redir_target_as_matcher;
pub(super) mod redirect_to_itself;
pub(super) mod redirect_without_scheme;
pub(super) mod remote_ip_behind_proxy;
pub(super) mod respond_swapped;
pub(super) mod rewrite_before_routes;
pub(super) mod rewrite_then_matcher;
pub(super) mod security_header_in_fallback;
pub(super) mod security_header_overwritten;
pub(super) mod semicolon;
pub(super) mod set_twice;
pub(super) mod star_host;
pub(super) mod status_word;
pub(super) mod swallowed_line;
pub(super) mod unknown_placeholder;
pub(super) mod unreachable_handler;
pub(super) mod unread_body_limit;
pub(super) mod unspecified_upstream;
pub(super) mod upstream_address;

/// The rules, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
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
    &header_and_upstream::RULE,
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
    &colon_in_name::RULE,
    &ignored_words::RULE,
    &header_of_several_words::RULE,
    &unspecified_upstream::RULE,
    &host_to_https_upstream::RULE,
    &matcher_never_matches::RULE,
    &unknown_placeholder::RULE,
    &redirect_without_scheme::RULE,
    &rewrite_then_matcher::RULE,
    &nested_path::RULE,
    &cached_fallback::RULE,
    &logger_name::RULE,
    &upstream_address::RULE,
    &empty_block::RULE,
    &semicolon::RULE,
    &listener_without_site::RULE,
    &set_twice::RULE,
    &swallowed_line::RULE,
    &encoded_stream::RULE,
    &one_label_name::RULE,
    &certificate_words::RULE,
    &status_word::RULE,
    &errors_keep_header::RULE,
    &security_header_in_fallback::RULE,
];
