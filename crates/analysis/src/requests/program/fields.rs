//! Fields of Caddy's JSON, read without complaint: what is missing or of another kind has the zero value, as in Go.

use serde_json::Value;

/// Fields of a JSON object.
pub(in crate::requests) trait Json {
    /// The field `name`; null where there is none.
    fn at(&self, name: &str) -> &Value;
    /// The text of the field; numbers as text too, since some fields take either.
    fn text(&self, name: &str) -> String;
    /// The texts of a list.
    fn texts(&self, name: &str) -> Vec<String>;
    /// Whether the field is `true`.
    fn flag(&self, name: &str) -> bool;
    /// The whole number of the field.
    fn number(&self, name: &str) -> i64;
    /// The elements of a list.
    fn list(&self, name: &str) -> &[Value];
    /// The fields of an object.
    fn pairs(&self, name: &str) -> Vec<(&str, &Value)>;
}

/// The text of a value that may be a number.
pub(in crate::requests) fn weak(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => String::new(),
    }
}

/// The texts of a list; a lone text counts as a list of one.
pub(in crate::requests) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().map(weak).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

impl Json for Value {
    fn at(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }

    fn text(&self, name: &str) -> String {
        weak(self.at(name))
    }

    fn texts(&self, name: &str) -> Vec<String> {
        texts(self.at(name))
    }

    fn flag(&self, name: &str) -> bool {
        self.at(name).as_bool().unwrap_or(false)
    }

    #[expect(clippy::cast_possible_truncation, reason = "Caddy's numbers inside modules are floats")]
    fn number(&self, name: &str) -> i64 {
        let value = self.at(name);
        value.as_i64().or_else(|| value.as_f64().map(|number| number as i64)).unwrap_or(0)
    }

    fn list(&self, name: &str) -> &[Value] {
        self.at(name).as_array().map_or(&[], Vec::as_slice)
    }

    fn pairs(&self, name: &str) -> Vec<(&str, &Value)> {
        let object = self.at(name).as_object();
        object.into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect()
    }
}

/// A scalar as Go's `fmt` prints it: numbers without exponent.
pub(in crate::requests) fn scalar(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.to_string(),
            None => number.as_f64().map(|float| float.to_string()).unwrap_or_default(),
        },
        other => weak(other),
    }
}
