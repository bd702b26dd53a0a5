//! Counted repetition: `{3}`, `{3,}`, `{3,5}`. Anything else in braces is literal text.

use super::size::MAX_REPEAT;
use super::{Fault, fault, fault_with};

/// Reads a repetition at `start`: the byte after it, the least and the most. `None` when the brace is literal.
pub(super) fn counted(pattern: &str, start: usize) -> Result<Option<(usize, u32, Option<u32>)>, Fault> {
    let Some((min, after_min)) = number(pattern, start + 1) else { return Ok(None) };
    let rest = &pattern[after_min..];
    let (max, end) = if rest.starts_with('}') {
        (Some(min), after_min)
    } else if rest.starts_with(",}") {
        (None, after_min + 1)
    } else if rest.starts_with(',') {
        match number(pattern, after_min + 1) {
            Some((max, end)) => (Some(max), end),
            None => return Ok(None),
        }
    } else {
        return Ok(None);
    };
    if !pattern[end..].starts_with('}') {
        return Ok(None);
    }
    let end = end + 1;
    let text = &pattern[start..end];
    if u64::from(min.max(max.unwrap_or(0))) > MAX_REPEAT {
        return fault(start, end, format!("`{text}` repeats more than 1000 times"));
    }
    if max.is_some_and(|max| max < min) {
        return fault_with(
            start,
            end,
            format!("`{text}` has more at least than at most"),
            "swap the numbers",
        );
    }
    Ok(Some((end, min, max)))
}

/// Decimal digits at `start` without a leading zero; huge values stay huge.
fn number(pattern: &str, start: usize) -> Option<(u32, usize)> {
    let digits = pattern[start..].bytes().take_while(u8::is_ascii_digit).count();
    let text = &pattern[start..start + digits];
    if digits == 0 || (digits > 1 && text.starts_with('0')) {
        return None;
    }
    Some((text.parse().unwrap_or(u32::MAX), start + digits))
}
