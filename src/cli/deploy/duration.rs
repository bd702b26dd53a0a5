//! Durations on the command line: `60s`, `1m30s`, `500ms`, `2h`; a bare number is seconds.

use std::time::Duration;

use caddyctl_language::source::shown;

/// Understands `text`.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{}` is not a duration; use 60s, 1m30s or 500ms", shown::line(text));
    if let Ok(seconds) = text.parse::<u32>() {
        return Ok(Duration::from_secs(seconds.into()));
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u32 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let unit = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let one = match &rest[..unit] {
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" => Duration::from_mins(1),
            "h" => Duration::from_hours(1),
            _ => return Err(wrong()),
        };
        total = one.checked_mul(number).and_then(|more| total.checked_add(more)).ok_or_else(wrong)?;
        rest = &rest[unit..];
    }
    if text.is_empty() { Err(wrong()) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, millis) in
            [("60s", 60_000), ("1m30s", 90_000), ("500ms", 500), ("7", 7000), ("2h", 7_200_000)]
        {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)));
        }
        for text in ["", "s", "1x", "-1s", "1.5s", "99999999999s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
