//! Request matchers.

pub(super) mod expression;
pub(super) mod file;
pub(super) mod host;
pub(super) mod ip;
pub(super) mod not;
pub(super) mod regexp;
pub(super) mod url_pattern;
