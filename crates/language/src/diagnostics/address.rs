//! E0101 where a directive is in place of an address.

use super::{Code, Diagnostic};
use crate::source::Span;

/// The directive `name` outside of all sites.
pub(crate) fn directive(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Code::ADDRESS, span, format!("expected a site address, found the directive `{name}`"))
        .help("put it into a site block: an address, `{`, the directives, and `}`")
}
