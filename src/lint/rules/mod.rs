//! Every rule, one a file, in the order of their codes.

use super::rule::Rule;

mod handle_exact_root;

/// All rules.
pub static ALL: &[&Rule] = &[&handle_exact_root::RULE];
