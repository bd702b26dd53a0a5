//! Whether a directive answers the requests that reach it.

use super::tree::Directive;
use caddyctl_language::syntax::Word;

/// What becomes of the requests that a directive runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// They go on.
    Never,
    /// Some are answered, or it cannot be known.
    Some,
    /// Each is answered, or fails.
    Always,
}

impl Answer {
    /// What becomes of the requests that `directive` runs for.
    pub fn of(directive: &Directive) -> Self {
        directive.answer
    }

    /// What becomes of the requests that a directive of this name with this block runs for.
    pub(super) fn find(name: &Word, block: &[Directive]) -> Self {
        let has = |line: &str| block.iter().any(|directive| directive.is(line));
        match name.text.as_str() {
            "respond" | "redir" | "error" | "abort" | "metrics" | "copy_response" => Self::Always,
            "file_server" if !has("pass_thru") => Self::Always,
            "reverse_proxy" if !has("handle_response") => Self::Always,
            "file_server" | "reverse_proxy" | "php_fastcgi" | "acme_server" | "invoke" => Self::Some,
            "handle" | "handle_path" | "route" => Self::of_block(block),
            _ => Self::Never,
        }
    }

    /// What becomes of the requests that reach a block.
    pub fn of_block(block: &[Directive]) -> Self {
        let mut answer = Self::Never;
        for directive in block {
            answer = answer.max(match Self::of(directive) {
                Self::Always
                    if directive
                        .matcher()
                        .is_none_or(|matcher| matches!(matcher.text.as_str(), "*" | "/*")) =>
                {
                    return Self::Always;
                }
                Self::Always | Self::Some => Self::Some,
                Self::Never => Self::Never,
            });
        }
        answer
    }
}
