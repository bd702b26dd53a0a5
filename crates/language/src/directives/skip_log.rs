//! `skip_log`: the old name of `log_skip`.

use super::log_skip;
use crate::lower::{Directive, Shape};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "skip_log",
    syntax: "skip_log [<matcher>]",
    doc: "The old name of `log_skip`",
    rows: &[],
    example: "skip_log /health",
    shape: Shape::Handler(log_skip::lower_deprecated),
};
