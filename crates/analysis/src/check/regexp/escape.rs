//! What may follow a backslash.

use super::{Fault, fault, fault_with, unicode};

/// A set of characters: `\d`, `\pL`, `\p{Greek}` and so on. `None` when the escape is something else.
pub(super) fn set(pattern: &str, start: usize) -> Result<Option<usize>, Fault> {
    match pattern[start..].chars().nth(1) {
        Some('d' | 'D' | 's' | 'S' | 'w' | 'W') => Ok(Some(start + 2)),
        Some('p' | 'P') => property(pattern, start).map(Some),
        _ => Ok(None),
    }
}

fn property(pattern: &str, start: usize) -> Result<usize, Fault> {
    let rest = &pattern[start + 2..];
    let (name, end) = if let Some(braced) = rest.strip_prefix('{') {
        let Some(length) = braced.find('}') else {
            return fault_with(start, pattern.len(), "the class `\\p{` has no `}`", "write `\\p{Greek}`");
        };
        (&braced[..length], start + 3 + length + 1)
    } else {
        let width = rest.chars().next().map_or(0, char::len_utf8);
        (&rest[..width], start + 2 + width)
    };
    if unicode::known(name.strip_prefix('^').unwrap_or(name)) {
        return Ok(end);
    }
    fault_with(
        start,
        end,
        format!("Go does not support the character class `{}`", &pattern[start..end]),
        "a category such as `\\p{Lu}` or a script of one word such as `\\p{Greek}` works",
    )
}

/// One character written with a backslash: the byte after it, and the character's number.
pub(super) fn character(pattern: &str, start: usize) -> Result<(usize, u32), Fault> {
    let mut rest = pattern[start + 1..].chars();
    let Some(c) = rest.next() else {
        return fault_with(
            start,
            start + 1,
            "the backslash at the end escapes nothing",
            "write `\\\\` for a literal backslash",
        );
    };
    let after = start + 1 + c.len_utf8();
    match c {
        '1'..='7' if !pattern[after..].starts_with(|d: char| ('0'..='7').contains(&d)) => fault_with(
            start,
            after,
            format!("the back-reference `\\{c}` does not exist in Go's regular expressions"),
            "write the repeated part out, or check it with a second matcher",
        ),
        '0'..='7' => Ok(octal(pattern, after, c)),
        'x' => hexadecimal(pattern, start, after),
        'a' => Ok((after, 7)),
        'f' => Ok((after, 12)),
        'n' => Ok((after, 10)),
        'r' => Ok((after, 13)),
        't' => Ok((after, 9)),
        'v' => Ok((after, 11)),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((after, u32::from(c))),
        c => {
            let help = match c {
                'Z' => "write `\\z`",
                'h' => "write `[ \\t]`",
                'R' => "write `\\r?\\n`",
                'u' => "write `\\x{…}` with the character's hexadecimal number",
                _ => "only punctuation may be escaped; write the character as it is",
            };
            fault_with(
                start,
                after,
                format!("the escape `\\{c}` does not exist in Go's regular expressions"),
                help,
            )
        }
    }
}

/// Up to two further octal digits.
fn octal(pattern: &str, mut at: usize, first: char) -> (usize, u32) {
    let mut value = first.to_digit(8).unwrap_or(0);
    for _ in 0..2 {
        let Some(digit) = pattern[at..].chars().next().and_then(|c| c.to_digit(8)) else { break };
        value = value * 8 + digit;
        at += 1;
    }
    (at, value)
}

/// `\xFF` or `\x{10FFFF}`.
fn hexadecimal(pattern: &str, start: usize, after: usize) -> Result<(usize, u32), Fault> {
    let rest = &pattern[after..];
    let (digits, end) = if let Some(braced) = rest.strip_prefix('{') {
        let length = braced.find('}').unwrap_or(0);
        (&braced[..length], after + length + 2)
    } else {
        (rest.get(..2).unwrap_or(""), after + 2)
    };
    let sound = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    match u32::from_str_radix(digits.trim_start_matches('0'), 16) {
        Ok(value) if sound && value <= 0x10_FFFF => Ok((end, value)),
        Err(_) if sound && digits.bytes().all(|b| b == b'0') => Ok((end, 0)),
        _ => {
            let end = end.min(pattern.len());
            let end = (start..=end).rev().find(|at| pattern.is_char_boundary(*at)).unwrap_or(start);
            let text = &pattern[start..end];
            fault(start, end, format!("`{text}` is not a character's hexadecimal number"))
        }
    }
}
