//! Typed values: the unquoted words that `vars`, `map` and a few others read as numbers or booleans.

use serde_json::{Number, Value};

use super::Word;

/// The value of a word where Caddy reads a scalar: an unquoted word is tried as an integer, as a float and as a
/// boolean, in Go's syntax; everything else is text. `None` stands for NaN and infinities, which JSON cannot carry.
pub fn scalar(word: &Word) -> Option<Value> {
    let text = word.text.as_str();
    if word.is_quoted() {
        return Some(Value::from(text));
    }
    if let Some(number) = decimal(text) {
        return Some(Value::Number(number));
    }
    if let Some(float) = go_float(text) {
        return Number::from_f64(float).map(Value::Number);
    }
    match text {
        // "1" and "0" are numbers before they are booleans.
        "t" | "T" | "true" | "TRUE" | "True" => Some(Value::Bool(true)),
        "f" | "F" | "false" | "FALSE" | "False" => Some(Value::Bool(false)),
        _ => Some(Value::from(text)),
    }
}

/// A decimal integer as Go's `Atoi` reads it: an optional sign and digits, within 64 bits.
pub fn decimal(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse::<i64>().ok().map(Number::from)
}

/// A float as Go's `ParseFloat` reads it: decimal or hexadecimal with a binary exponent, underscores only where a base
/// prefix allows them, `inf`, `infinity` and `nan` in any case; out of range is no float.
pub fn go_float(text: &str) -> Option<f64> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Quote;
    use serde_json::json;

    #[test]
    fn as_caddy_reads_them() {
        for (text, value) in [
            ("42", json!(42)),
            ("007", json!(7)),
            ("+4", json!(4)),
            ("0x1p-2", json!(0.25)),
            ("1e3", json!(1000.0)),
            ("1_000", json!(1000.0)),
            ("_1", json!("_1")),
            (".5", json!(0.5)),
            ("t", json!(true)),
            ("FALSE", json!(false)),
            ("0x1F", json!("0x1F")),
            ("yes", json!("yes")),
            ("1e999", json!("1e999")),
            ("--1", json!("--1")),
        ] {
            let word = Word { text: text.into(), ..Word::default() };
            assert_eq!(scalar(&word), Some(value), "{text}");
        }
        let quoted = Word { text: "42".into(), quote: Quote::Double, ..Word::default() };
        assert_eq!(scalar(&quoted), Some(json!("42")));
        assert_eq!(scalar(&Word { text: "NaN".into(), ..Word::default() }), None);
    }
}
