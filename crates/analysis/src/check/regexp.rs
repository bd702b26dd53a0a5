//! Whether Go's `regexp.Compile` accepts a pattern.
//!
//! Caddy hands patterns to Go's `regexp` package, whose language differs from that of Rust's `regex`: it knows `\Q…\E` and
//! `\C`, refuses `{2}{3}`, caps repetition at 1000 and has its own names for `\p{…}`. Rules measured on Caddy 2.11.7
//! (built with Go 1.26) and from the documentation of the package `regexp/syntax`.

mod class;
mod escape;
mod group;
mod parser;
mod repeat;
mod size;
mod unicode;

use std::fmt;

/// Why Go refuses a pattern, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte of the pattern at which the faulty part starts.
    pub start: usize,
    /// One past the last byte of the faulty part.
    pub end: usize,
    /// What is wrong, in plain words.
    pub reason: String,
    /// What to write instead, where there is something.
    pub(crate) help: Option<&'static str>,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (at character {})", self.reason, self.start + 1)
    }
}

/// Checks `pattern` as Go's `regexp.Compile` would.
pub fn check(pattern: &str) -> Result<(), Fault> {
    parser::Parser::new(pattern).run()
}

/// A fault in `start..end`.
fn fault<T>(start: usize, end: usize, reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { start, end, reason: reason.into(), help: None })
}

/// The same, with a help.
fn fault_with<T>(
    start: usize,
    end: usize,
    reason: impl Into<String>,
    help: &'static str,
) -> Result<T, Fault> {
    Err(Fault { start, end, reason: reason.into(), help: Some(help) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(pattern: &str) -> String {
        check(pattern).map_or_else(|fault| fault.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn faults_have_a_place_and_a_reason() {
        assert_eq!(reason("a(b"), "the group `(` is never closed (at character 2)");
        assert_eq!(reason("a)b"), "`)` closes nothing (at character 2)");
        assert_eq!(
            reason("x(?=y)"),
            "look-ahead `(?=` does not exist in Go's regular expressions (at character 2)"
        );
        assert_eq!(reason("[z-a]"), "the range `z-a` runs backwards (at character 2)");
        assert_eq!(reason("a**"), "`*` cannot follow the repetition `*` (at character 3)");
        assert_eq!(reason("a{1001}"), "`{1001}` repeats more than 1000 times (at character 2)");
    }
}
