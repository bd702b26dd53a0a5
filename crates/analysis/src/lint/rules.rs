//! The rules, one a file, in folders by family.

use super::rule::Rule;
use caddyctl_language::diagnostics::Code;

mod correctness;
mod deprecated;
mod performance;
mod redundant;
mod security;
mod style;

/// The rule that reports only the first of several places.
pub(super) const FIRST_ONLY: Code = performance::endless_grace::CODE;

/// The rules of each family, in the order of their codes.
const FAMILIES: [&[&Rule]; 6] = [
    correctness::RULES,
    deprecated::RULES,
    performance::RULES,
    redundant::RULES,
    security::RULES,
    style::RULES,
];

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.into_iter().flatten().copied()
}
