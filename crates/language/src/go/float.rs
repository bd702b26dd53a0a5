//! Floats, decimal and hexadecimal.

/// A float as Go's `ParseFloat` reads it: decimal or hexadecimal with a binary exponent, underscores only where a base
/// prefix allows them, `inf`, `infinity` and `nan` in any case; out of range is no float.
pub(crate) fn go_float(text: &str) -> Option<f64> {
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let sign = if negative { -1.0 } else { 1.0 };
    if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") {
        return Some(sign * f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    if let Some(hex) = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")) {
        return hex_float(hex).map(|value| sign * value);
    }
    if !body.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-' | b'_')) {
        return None;
    }
    let value = strip_underscores(body, false)?.parse::<f64>().ok()?;
    (value.is_finite() && !body.starts_with(['+', '-'])).then_some(sign * value)
}

/// `1.8p-3` and the like, after the `0x`.
fn hex_float(text: &str) -> Option<f64> {
    let text = strip_underscores(text, true)?;
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let exponent = exponent.parse::<i32>().ok().filter(|_| !exponent.is_empty())?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0f64;
    let mut scale = exponent;
    for digit in whole.chars() {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    for digit in fraction.chars() {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
        scale -= 4;
    }
    let value = value * 2f64.powi(scale);
    value.is_finite().then_some(value)
}

/// Underscores may stand between digits, and between a base prefix and its first digit.
fn strip_underscores(text: &str, hex: bool) -> Option<String> {
    let bytes = text.as_bytes();
    let digit =
        |b: Option<&u8>| b.is_some_and(|b| if hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() });
    for (at, _) in bytes.iter().enumerate().filter(|(_, b)| **b == b'_') {
        let follows_digit = if at == 0 { hex } else { digit(bytes.get(at - 1)) };
        if !follows_digit || !digit(bytes.get(at + 1)) {
            return None;
        }
    }
    Some(text.replace('_', ""))
}
