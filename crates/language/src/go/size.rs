//! Sizes such as `10MB` and `1GiB`, as the go-humanize library reads them for Caddy.

/// A size in bytes: digits (commas and one point allowed), then a unit in any case, with or without a space. Without a
/// unit it is bytes; `kB`, `K`, `MB` … are powers of 1000, `KiB`, `Ki` … of 1024.
pub fn size(text: &str) -> Option<u64> {
    let digits_len = text.find(|c: char| !(is_go_digit(c) || c == '.' || c == ',')).unwrap_or(text.len());
    let (digits, unit) = text.split_at(digits_len);
    let digits = digits.replace(',', "");
    let factor = unit_bytes(unit.trim().to_lowercase().as_str())?;
    // Whole numbers are exact; only those with a point go through a float (measured on Caddy 2.11.7).
    if !digits.contains('.') {
        return digits.parse::<u64>().ok()?.checked_mul(factor);
    }
    let number = crate::go::go_float(&digits)?;
    #[expect(clippy::cast_precision_loss, reason = "as go-humanize computes it")]
    let bytes = number * factor as f64;
    #[expect(clippy::cast_precision_loss, reason = "the limit that go-humanize compares with")]
    if bytes >= u64::MAX as f64 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within range, and never negative"
    )]
    Some(bytes as u64)
}

/// Go's `unicode.IsDigit` accepts digits of every script; the number that follows from them is refused later.
fn is_go_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn unit_bytes(unit: &str) -> Option<u64> {
    let (letter, binary) = match unit {
        "" | "b" => return Some(1),
        _ => match unit.strip_suffix("ib").or_else(|| unit.strip_suffix('i')) {
            Some(letter) => (letter, true),
            None => (unit.strip_suffix('b').unwrap_or(unit), false),
        },
    };
    let power = ["k", "m", "g", "t", "p", "e"].iter().position(|known| *known == letter)? + 1;
    let base: u64 = if binary { 1024 } else { 1000 };
    base.checked_pow(u32::try_from(power).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("10MB", Some(10_000_000)),
            ("1GiB", Some(1 << 30)),
            ("1,024", Some(1024)),
            ("1.5 kb", Some(1500)),
            ("4Ki", Some(4096)),
            ("9007199254740993b", Some(9_007_199_254_740_993)),
            ("9007199254740993.0", Some(9_007_199_254_740_992)),
            ("18446744073709551616", None),
            ("16EiB", None),
            (",", None),
            ("", None),
            ("x", None),
            ("1 zb", None),
            ("-1", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
    }
}
