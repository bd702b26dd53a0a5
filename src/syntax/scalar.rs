//! Typed values: the unquoted words that `vars`, `map` and a few others read as numbers or booleans.

use serde_json::{Number, Value};

use super::Word;
use crate::go::{atoi, go_float, parse_bool};

/// The value of a word where Caddy reads a scalar: an unquoted word is tried as an integer, as a float and as a
/// boolean, in Go's syntax; everything else is text. `None` stands for NaN and infinities, which JSON cannot carry.
pub fn scalar(word: &Word) -> Option<Value> {
    let text = word.text.as_str();
    if word.is_quoted() {
        return Some(Value::from(text));
    }
    if let Some(number) = atoi(text) {
        return Some(Value::from(number));
    }
    if let Some(float) = go_float(text) {
        return Number::from_f64(float).map(Value::Number);
    }
    // "1" and "0" are numbers before they are booleans.
    Some(parse_bool(text).map_or_else(|| Value::from(text), Value::Bool))
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
