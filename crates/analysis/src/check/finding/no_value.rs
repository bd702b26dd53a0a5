//! A placeholder that has no value where it must have one.

use std::fmt;

/// The placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::check) struct NoValue {
    /// As it is written, with its braces.
    pub(in crate::check) placeholder: String,
    /// Whether there is such a placeholder before there is a request.
    pub(in crate::check) is_known: bool,
}

impl fmt::Display for NoValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = if self.is_known { "has no value" } else { "is not known before there is a request" };
        write!(out, "the placeholder `{}` {why}", self.placeholder)
    }
}
