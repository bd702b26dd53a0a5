//! Durations such as `1h30m` and, in most places of a Caddyfile, `2d`.

use std::fmt::Write;

/// Go keeps the size apart from the sign, so that the smallest value can be read.
const LIMIT: u64 = 1 << 63;

/// A duration as Go's `time.ParseDuration` reads it, in nanoseconds.
pub(crate) fn go_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole_len = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at(whole_len);
        let mut value: u64 = if whole.is_empty() { 0 } else { whole.parse().ok().filter(|v| *v <= LIMIT)? };
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(after.bytes().take_while(u8::is_ascii_digit).count()),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit_len = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_len);
        let scale = unit_nanoseconds(unit)?;
        value = value.checked_mul(scale).filter(|v| *v <= LIMIT)?;
        value = value.checked_add(fraction_of(fraction, scale)).filter(|v| *v <= LIMIT)?;
        total = total.checked_add(value).filter(|v| *v <= LIMIT)?;
        rest = after;
    }
    if negative {
        return 0i64.checked_sub_unsigned(total);
    }
    i64::try_from(total).ok()
}

fn unit_nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// The nanoseconds of the digits after the point. Digits that no longer fit are dropped, as Go does.
fn fraction_of(digits: &str, scale: u64) -> u64 {
    let mut value: u64 = 0;
    let mut divisor = 1f64;
    for digit in digits.bytes() {
        match value
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(digit - b'0')))
            .filter(|v| *v < 1 << 63)
        {
            Some(next) => value = next,
            None => break,
        }
        divisor *= 10.0;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as Go computes it"
    )]
    {
        (value as f64 * (scale as f64 / divisor)) as u64
    }
}

/// A duration as Go prints it: `1h30m0s`, `1.5s`, `0s`.
pub(crate) fn print_duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    if all == 0 {
        return "0s".to_owned();
    }
    let part = |whole: u64, rest: u64, digits: usize| {
        let fraction = format!("{rest:0digits$}");
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
    };
    if all < 1_000 {
        return format!("{sign}{all}ns");
    }
    if all < 1_000_000 {
        return format!("{sign}{}\u{b5}s", part(all / 1_000, all % 1_000, 3));
    }
    if all < 1_000_000_000 {
        return format!("{sign}{}ms", part(all / 1_000_000, all % 1_000_000, 6));
    }
    let (seconds, rest) = (all / 1_000_000_000, all % 1_000_000_000);
    let last = part(seconds % 60, rest, 9);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{last}s"),
        (0, minutes) => format!("{sign}{minutes}m{last}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{last}s"),
    }
}

/// A duration as Caddy reads it: Go's, and `d` for days of 24 hours, which may have fractions (`1.5d12h`).
pub fn caddy_duration(text: &str) -> Option<i64> {
    // Caddy refuses longer texts before it looks for days.
    if text.len() > 1024 {
        return None;
    }
    let mut hours = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('d') {
        let number_at = rest[..at]
            .rfind(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
            .map_or(0, |i| i + rest[i..].chars().next().map_or(1, char::len_utf8));
        let days: f64 = crate::go::go_float(&rest[number_at..at])?;
        hours.push_str(&rest[..number_at]);
        // Writing to a string cannot fail.
        let _ = write!(hours, "{}h", days * 24.0);
        rest = &rest[at + 1..];
    }
    hours.push_str(rest);
    go_duration(&hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_as_go_does() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5\u{b5}s"),
            (2_000_000, "2ms"),
            (1_500_000_000, "1.5s"),
            (60_000_000_000, "1m0s"),
            (5_400_000_000_000, "1h30m0s"),
            (-3_600_000_000_000, "-1h0m0s"),
        ] {
            assert_eq!(print_duration(nanoseconds), text);
        }
    }

    #[test]
    fn durations() {
        for (text, nanoseconds) in [
            ("1s", Some(1_000_000_000)),
            ("1h30m", Some(5_400_000_000_000)),
            ("1.5s", Some(1_500_000_000)),
            ("-2ms", Some(-2_000_000)),
            ("0", Some(0)),
            ("5", None),
            ("", None),
            ("1x", None),
            ("1d12h", Some(129_600_000_000_000)),
            ("0.5d", Some(43_200_000_000_000)),
            ("d", None),
        ] {
            assert_eq!(caddy_duration(text), nanoseconds, "{text}");
        }
        assert_eq!(go_duration("1d"), None);
    }
}
