//! What lies below a tagged module: an object with sorted keys, whose numbers have been 64-bit floats.
//!
//! Caddy encodes a module, decodes it into a map, adds the key that names it, and encodes it again. So every key
//! below is sorted, and an integer above 2^53 has lost its last digits.

use serde_json::Number;

use super::fields::Fields;
use super::value::Value;

/// A module: its fields, its own name among them (`handler`, `module`, `policy`, …).
pub(crate) type Module = Fields;

/// An integer inside a module.
pub(crate) fn integer(value: i64) -> Value {
    const EXACT: i64 = 1 << 53;
    if (-EXACT..=EXACT).contains(&value) {
        return Value::from(value);
    }
    #[expect(clippy::cast_precision_loss, reason = "this loss is what Caddy's re-encoding does")]
    float(value as f64)
}

/// A value as it is below a module: keys are sorted, and numbers have been 64-bit floats.
pub(crate) fn encoded_again(value: Value) -> Value {
    match value {
        Value::Ordered(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, encoded_again(value))).collect())
        }
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, encoded_again(value))).collect())
        }
        Value::Array(list) => list.into_iter().map(encoded_again).collect(),
        Value::Number(number) => number.as_i64().map_or(Value::Number(number), integer),
        other => other,
    }
}

/// A float inside a module; `null` if it is none that JSON can carry.
pub(crate) fn float(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A value that may be a placeholder: a number or a truth value where it reads as one, else the text (measured on Caddy 2.11.7).
pub(crate) fn weak(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => crate::go::atoi(text).map_or_else(|| Value::from(text), integer),
    }
}

/// A duration in nanoseconds inside a module.
pub(crate) fn duration(nanoseconds: i64) -> Value {
    integer(nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::write;

    #[test]
    fn large_integers_lose_digits_as_in_caddy() {
        let text = |value| String::from_utf8(write::compact(&integer(value))).unwrap();
        assert_eq!(text(42), "42");
        assert_eq!(text(9_007_199_254_740_993), "9007199254740992");
        assert_eq!(text(1_234_567_890_123_456_789), "1234567890123456800");
    }
}
