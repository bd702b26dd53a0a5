//! What Caddy replaced by something better.

use crate::lint::Rule;

pub(super) mod obsolete_xss_protection;
pub(super) mod old_argument;
pub(super) mod old_directive;
pub(super) mod old_placeholder;
pub(super) mod old_subdirective;
pub(super) mod path_in_address;

/// The rules, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &old_directive::RULE,
    &path_in_address::RULE,
    &old_argument::RULE,
    &old_subdirective::RULE,
    &obsolete_xss_protection::RULE,
    &old_placeholder::RULE,
];
