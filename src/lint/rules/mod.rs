//! Every rule, one a file, in the order of their codes.

use super::rule::Rule;

mod answer_before_proxy;
mod covered_matcher;
mod cut_inside_segment;
mod exact_path_on_proxy;
mod handle_exact_root;
mod prefix_without_boundary;
mod rewrite_before_routes;
mod unreachable_handler;

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
];
