//! A value of the compiled JSON that knows where it stands.

use serde_json::Value;

/// A value and its pointer. What is missing is a node too, with `null` inside.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    value: &'a Value,
    pointer: String,
}

impl<'a> Node<'a> {
    /// The whole document.
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, pointer: String::new() }
    }

    /// The pointer, as RFC 6901 has it.
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The bare value.
    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// The field `key`.
    pub(super) fn at(&self, key: &str) -> Self {
        let value = self.value.get(key).unwrap_or(&Value::Null);
        Self { value, pointer: format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1")) }
    }

    /// The elements; none when it is no array.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.value.as_array().map_or(&[][..], Vec::as_slice);
        items.iter().enumerate().map(move |(i, value)| Self { value, pointer: format!("{pointer}/{i}") })
    }

    /// The fields by name; none when it is no object.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let parent = Self { value: self.value, pointer: self.pointer.clone() };
        let fields = self.value.as_object().into_iter().flatten();
        fields.map(move |(key, _)| (key.as_str(), parent.at(key)))
    }

    /// Whether it is missing or `null`.
    pub(super) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    /// How many elements or fields it has.
    pub(super) fn count(&self) -> usize {
        match self.value {
            Value::Array(items) => items.len(),
            Value::Object(fields) => fields.len(),
            _ => 0,
        }
    }

    /// The string, or an empty one.
    pub(super) fn text(&self) -> &'a str {
        self.value.as_str().unwrap_or("")
    }

    /// Whether it is `true`.
    pub(super) fn is_true(&self) -> bool {
        self.value.as_bool() == Some(true)
    }

    /// The whole number, or 0. Numbers beyond 64 bits are clamped.
    pub(super) fn number(&self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a float that large stands for itself, clamped")]
        self.value.as_i64().or_else(|| self.value.as_f64().map(|n| n as i64)).unwrap_or(0)
    }
}
