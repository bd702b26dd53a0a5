//! Typed values: the unquoted words that `vars`, `map` and a few others read as numbers or booleans.

use serde_json::Number;

use super::value::Value;
use crate::go::{atoi, go_float, parse_bool};
use crate::syntax::Word;

/// The value of a word where Caddy reads a scalar: an unquoted word is tried as an integer, as a float and as a
/// boolean, in Go's syntax; everything else is text. `None` stands for NaN and infinities, which JSON cannot carry.
pub(crate) fn scalar(word: &Word) -> Option<Value> {
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
    use crate::config::float;
    use crate::syntax::Quote;

    #[test]
    fn as_caddy_reads_them() {
        for (text, value) in [
            ("42", Value::from(42)),
            ("007", Value::from(7)),
            ("+4", Value::from(4)),
            ("0x1p-2", float(0.25)),
            ("1e3", float(1000.0)),
            ("1_000", float(1000.0)),
            ("_1", Value::from("_1")),
            (".5", float(0.5)),
            ("t", Value::from(true)),
            ("FALSE", Value::from(false)),
            ("0x1F", Value::from("0x1F")),
            ("yes", Value::from("yes")),
            ("1e999", Value::from("1e999")),
            ("--1", Value::from("--1")),
        ] {
            let word = Word { text: text.into(), ..Word::default() };
            assert_eq!(scalar(&word), Some(value), "{text}");
        }
        let quoted = Word { text: "42".into(), quote: Quote::Double, ..Word::default() };
        assert_eq!(scalar(&quoted), Some(Value::from("42")));
        assert_eq!(scalar(&Word { text: "NaN".into(), ..Word::default() }), None);
    }
}
