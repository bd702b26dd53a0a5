//! Whether a directive answers the requests that reach it.

use super::condition::Condition;
use super::level::Level;
use super::tree::Directive;

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
        match directive.name.text.as_str() {
            "respond" | "redir" | "error" | "abort" | "metrics" | "copy_response" => Self::Always,
            "file_server" if directive.line("pass_thru").is_none() => Self::Always,
            "reverse_proxy" if directive.line("handle_response").is_none() => Self::Always,
            "file_server" | "reverse_proxy" | "php_fastcgi" | "acme_server" | "invoke" => Self::Some,
            "handle" | "handle_path" | "route" => Self::of_block(&directive.block),
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

impl<'a> Level<'a> {
    /// Its directives as they run, each with its condition and what becomes of its requests.
    pub fn answers(&self) -> Vec<(&'a Directive, Condition<'a>, Answer)> {
        let runs = self.runs().into_iter();
        runs.map(|directive| (directive, self.condition(directive), Answer::of(directive))).collect()
    }
}
