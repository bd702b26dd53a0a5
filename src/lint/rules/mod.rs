//! Every rule, one a file, in the order of their codes.

use super::rule::Rule;

mod answer_before_proxy;
mod case_sensitive_guard;
mod covered_matcher;
mod cut_inside_segment;
mod deferred_header_block;
mod exact_path_on_proxy;
mod expression_conversion;
mod first_without_fail_duration;
mod general_header_wins;
mod handle_exact_root;
mod header_beside_upstream;
mod host_in_two_sites;
mod lowercased_placeholder;
mod manual_https_redirect;
mod match_all_path;
mod named_route_first_only;
mod nothing_answers;
mod php_source;
mod prefix_without_boundary;
mod random_error_matcher;
mod redir_target_as_matcher;
mod redirect_before_auth;
mod redirect_to_itself;
mod respond_swapped;
mod rewrite_before_auth;
mod rewrite_before_routes;
mod unreachable_handler;
mod unread_body_limit;
mod unused_matcher;
mod unused_snippet;

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
    &match_all_path::RULE,
    &manual_https_redirect::RULE,
    &unused_matcher::RULE,
    &unused_snippet::RULE,
    &rewrite_before_auth::RULE,
    &redirect_before_auth::RULE,
    &case_sensitive_guard::RULE,
    &php_source::RULE,
];
