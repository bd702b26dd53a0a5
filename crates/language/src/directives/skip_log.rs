//! `skip_log`: the old name of `log_skip`.

use super::log_skip;
use super::vars;
use crate::lower::Directive;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("skip_log", "", "The old name of `log_skip`", log_skip::lower_deprecated)
        .example("skip_log /health")
        .makes(&vars::HANDLER)
        .renamed("log_skip");
