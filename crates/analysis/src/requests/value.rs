//! Values of placeholders and variables.

use serde_json::Value as Json;

use super::program::fields::scalar;

/// A value as a handler or a matcher set it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    /// Known, but without a value.
    #[default]
    Null,
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
}

impl Value {
    /// A value of Caddy's JSON; lists and objects as JSON.
    pub(super) fn of_json(value: &Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            // Numbers inside modules are floats.
            Json::Number(number) => number.as_f64().map_or(Self::Null, Self::Float),
            Json::String(text) => Self::Text(text.clone()),
            other => Self::Text(scalar(other)),
        }
    }

    /// As text: numbers without exponent.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.clone(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => float(*number),
            Self::Bool(flag) => flag.to_string(),
        }
    }

    /// As Go's `%v` prints it, which has an exponent from 1e21 on.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Float(number) if number.abs() >= 1e21 || (*number != 0.0 && number.abs() < 1e-4) => {
                let text = format!("{number:e}");
                match text.split_once('e') {
                    Some((digits, exponent)) => {
                        let (sign, size) = match exponent.strip_prefix('-') {
                            Some(size) => ('-', size),
                            None => ('+', exponent),
                        };
                        format!("{digits}e{sign}{size:0>2}")
                    }
                    None => text,
                }
            }
            other => other.text(),
        }
    }
}

/// A float without exponent.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    number.to_string()
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
