//! What could be written more simply.

use crate::lint::Rule;

pub(super) mod handle_and_strip;
pub(super) mod header_colon;

/// The rules, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[&header_colon::RULE, &handle_and_strip::RULE];
