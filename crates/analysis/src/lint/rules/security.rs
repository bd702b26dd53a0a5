//! What opens a way in, or gives something away.

use crate::lint::Rule;

pub(super) mod auto_https_off_with_password;
pub(super) mod browse_dotfiles;
pub(super) mod case_sensitive_guard;
pub(super) mod client_claims_address;
pub(super) mod cors_any_origin_with_credentials;
pub(super) mod error_page_leak;
pub(super) mod first_forwarded_address;
pub(super) mod guard_beside_open_path;
pub(super) mod guard_exact_path;
pub(super) mod open_admin;
pub(super) mod open_insight;
pub(super) mod password_over_http;
pub(super) mod php_source;
pub(super) mod redirect_before_auth;
pub(super) mod rewrite_before_auth;
pub(super) mod secret_in_file;
pub(super) mod templates_echo;
pub(super) mod trusting_everybody;
pub(super) mod unverified_upstream;
pub(super) mod wide_root;

/// The rules, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &rewrite_before_auth::RULE,
    &redirect_before_auth::RULE,
    &case_sensitive_guard::RULE,
    &php_source::RULE,
    &guard_exact_path::RULE,
    &error_page_leak::RULE,
    &guard_beside_open_path::RULE,
    &client_claims_address::RULE,
    &templates_echo::RULE,
    &first_forwarded_address::RULE,
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
];
