//! Bracket expressions: `[a-z]`, `[^\d.]`, `[[:alpha:]]`.

use super::{Fault, escape, fault_with};

/// The names that `[:…:]` knows.
const POSIX: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

/// Reads the bracket expression at `start`; gives the byte after its `]`.
pub(super) fn bracket(pattern: &str, start: usize) -> Result<usize, Fault> {
    let mut at = start + 1;
    if pattern[at..].starts_with('^') {
        at += 1;
    }
    let mut first = true;
    while first || !pattern[at..].starts_with(']') {
        first = false;
        if let Some(end) = posix(pattern, at)? {
            at = end;
            continue;
        }
        if pattern[at..].starts_with('\\')
            && let Some(end) = escape::set(pattern, at)?
        {
            at = end;
            continue;
        }
        at = range(pattern, start, at)?;
    }
    Ok(at + 1)
}

/// `[:alpha:]`; without a closing `:]` anywhere the bracket is an ordinary character.
fn posix(pattern: &str, at: usize) -> Result<Option<usize>, Fault> {
    let Some(rest) = pattern[at..].strip_prefix("[:") else { return Ok(None) };
    let Some(length) = rest.find(":]") else { return Ok(None) };
    let end = at + 2 + length + 2;
    let name = &rest[..length];
    if POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return Ok(Some(end));
    }
    fault_with(
        at,
        end,
        format!("unknown class `[:{name}:]`"),
        "such as `[:alpha:]`, `[:digit:]` or `[:space:]`",
    )
}

/// One character, or two with a dash between.
fn range(pattern: &str, open: usize, start: usize) -> Result<usize, Fault> {
    let (at, low) = character(pattern, open, start)?;
    let rest = &pattern[at..];
    if !rest.starts_with('-') || rest.len() < 2 || rest.starts_with("-]") {
        return Ok(at);
    }
    let (end, high) = character(pattern, open, at + 1)?;
    if high < low {
        let text = &pattern[start..end];
        return fault_with(
            start,
            end,
            format!("the range `{text}` runs backwards"),
            "swap its ends, or put the dash first or last for a literal dash",
        );
    }
    Ok(end)
}

fn character(pattern: &str, open: usize, at: usize) -> Result<(usize, u32), Fault> {
    match pattern[at..].chars().next() {
        None => fault_with(
            open,
            pattern.len(),
            "the class `[` is never closed",
            "add the missing `]`, or write `\\[` for a literal bracket",
        ),
        Some('\\') => escape::character(pattern, at),
        Some(c) => Ok((at + c.len_utf8(), u32::from(c))),
    }
}
