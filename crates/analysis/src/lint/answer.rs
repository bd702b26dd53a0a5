//! Whether a directive answers the requests that reach it.

use super::tree::Directive;
use caddyctl_language::lower;
pub(crate) use caddyctl_language::spec::Answer;

/// What becomes of the requests that a directive with this block runs for.
pub(super) fn of(declared: &lower::Directive, block: &[Directive]) -> Answer {
    if declared.is_route() {
        return of_block(block);
    }
    let passes_on = || {
        let mut rows = declared.rows.iter().filter(|row| row.passes_on);
        rows.any(|row| block.iter().any(|line| line.is(&row.name)))
    };
    match declared.conduct.answers {
        Answer::Always if passes_on() => Answer::Sometimes,
        answers => answers,
    }
}

/// What becomes of the requests that reach a block.
pub(crate) fn of_block(block: &[Directive]) -> Answer {
    let mut answer = Answer::Never;
    for directive in block {
        answer = answer.max(match directive.answer {
            Answer::Always
                if directive.matcher().is_none_or(|matcher| matches!(matcher.text.as_str(), "*" | "/*")) =>
            {
                return Answer::Always;
            }
            Answer::Always | Answer::Sometimes => Answer::Sometimes,
            Answer::Never => Answer::Never,
        });
    }
    answer
}
