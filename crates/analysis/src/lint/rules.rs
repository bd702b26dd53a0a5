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

/// Rules that report that something is missing in a site. They say nothing of sites with a directive that is unknown or at
/// fault: it may be what they miss.
pub(super) const NEED_ALL: &[Code] = &[
    correctness::unread_body_limit::RULE.code,
    correctness::nothing_answers::RULE.code,
    correctness::error_never_raised::RULE.code,
    security::open_insight::RULE.code,
];

/// Rules that report that nothing uses a definition. They say nothing where an import is missing.
pub(super) const NEED_WORDS: &[Code] =
    &[redundant::unused_matcher::RULE.code, redundant::unused_snippet::RULE.code];

/// Rules that report what is debatable: who wrote it may well have meant it. The preset `strict` has them.
pub(super) const STRICT: &[Code] = &[correctness::prefix_without_boundary::RULE.code];

/// Rules whose findings have an edit that `--fix` carries out.
pub(super) const SAFE: &[&str] = &["C041", "D001", "D003", "D004", "X001", "X002"];

/// Rules whose findings have an edit that only `--unsafe-fixes` carries out.
pub(super) const UNSAFE: &[&str] = &[
    "C001", "C006", "C007", "C008", "C011", "C013", "C014", "C015", "C016", "C021", "C024", "C026", "C027",
    "C040", "C047", "C050", "C051", "C069", "D005", "D006", "P004", "R001", "R003", "R020", "R021", "R022",
    "R023", "S003", "S005", "S043",
];

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
