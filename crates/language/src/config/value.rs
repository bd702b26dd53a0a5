//! JSON inside modules: a value takes 24 bytes, an object 40 for each field, and short texts lie in them.

use std::fmt;

use ecow::EcoString;
use serde::ser::{Serialize, Serializer};
use serde_json::Number;

use super::fields::Fields;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(EcoString),
    /// A list.
    Array(Box<[Value]>),
    /// An object.
    Object(Fields),
    /// An object whose fields have an order of their own: that of a Go struct which nothing encodes again.
    Ordered(Box<[(EcoString, Value)]>),
}

impl Value {
    /// How many values there are in it, itself among them. A long text counts for as many as it takes the room of.
    pub(crate) fn weight(&self) -> usize {
        1 + match self {
            Self::String(text) => text.len() / 32,
            Self::Array(values) => values.iter().map(Self::weight).sum(),
            Self::Object(fields) => fields.iter().map(|(_, value)| value.weight()).sum(),
            Self::Ordered(fields) => fields.iter().map(|(_, value)| value.weight()).sum(),
            _ => 0,
        }
    }

    /// The field `name` of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// The field `name` of an object, to change.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        if let Self::Object(fields) = self { fields.get_mut(name) } else { None }
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// How many texts, numbers and truth values there are in it.
    pub(crate) fn leaves(&self) -> usize {
        match self {
            Self::Array(list) => list.iter().map(Self::leaves).sum(),
            Self::Object(fields) => fields.iter().map(|(_, value)| value.leaves()).sum(),
            Self::Ordered(fields) => fields.iter().map(|(_, value)| value.leaves()).sum(),
            _ => 1,
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(bool) = self { Some(*bool) } else { None }
    }

    /// The number, if it is a whole one.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        if let Self::Number(number) = self { number.as_i64() } else { None }
    }

    /// The elements, if it is a list.
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(list) = self { Some(list) } else { None }
    }

    /// The fields, if it is an object.
    pub(crate) fn as_object(&self) -> Option<&Fields> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    /// Whether it is a text, a list or an object with nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::String(text) => text.is_empty(),
            Self::Array(list) => list.is_empty(),
            Self::Object(fields) => fields.is_empty(),
            Self::Ordered(fields) => fields.is_empty(),
            _ => false,
        }
    }

    /// Whether there is an object in it with an order of its own.
    pub(crate) fn has_order(&self) -> bool {
        match self {
            Self::Ordered(_) => true,
            Self::Array(list) => list.iter().any(Self::has_order),
            Self::Object(fields) => fields.iter().any(|(_, value)| value.has_order()),
            _ => false,
        }
    }

    /// Appends to a list; anything else becomes a list of this one value.
    pub(crate) fn push(&mut self, value: impl Into<Self>) {
        let mut list =
            if let Self::Array(list) = self { std::mem::take(list).into_vec() } else { Vec::new() };
        list.reserve_exact(1);
        list.push(value.into());
        *self = Self::Array(list.into_boxed_slice());
    }
}

/// Makes a [`Value`] of a literal object or list, or of what converts into one.
macro_rules! json {
    ({ $($name:literal : $value:expr),* $(,)? }) => {{
        #[allow(unused_mut, reason = "an object may have no fields")]
        let mut fields = $crate::config::Fields::new();
        $(fields.insert($name, $value);)*
        $crate::config::Value::Object(fields)
    }};
    ([ $($value:expr),* $(,)? ]) => {
        $crate::config::Value::Array(Box::new([$($crate::config::Value::from($value)),*]))
    };
}

pub(crate) use json;

impl From<&serde_json::Value> for Value {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(bool) => Self::Bool(*bool),
            serde_json::Value::Number(number) => Self::Number(number.clone()),
            serde_json::Value::String(text) => Self::from(text),
            serde_json::Value::Array(list) => list.iter().collect(),
            serde_json::Value::Object(fields) => Self::Object(fields.iter().collect()),
        }
    }
}

impl From<&Value> for serde_json::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(*bool),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::from(text.as_str()),
            Value::Array(list) => list.iter().collect(),
            Value::Object(fields) => {
                Self::Object(fields.iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
            }
            Value::Ordered(fields) => {
                Self::Object(fields.iter().map(|(name, value)| (name.to_string(), value.into())).collect())
            }
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::String(value.into())
    }
}

impl From<EcoString> for Value {
    fn from(value: EcoString) -> Self {
        Self::String(value)
    }
}

impl From<Fields> for Value {
    fn from(value: Fields) -> Self {
        Self::Object(value)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(value: Vec<T>) -> Self {
        value.into_iter().collect()
    }
}

impl From<&[String]> for Value {
    fn from(value: &[String]) -> Self {
        value.iter().collect()
    }
}

impl From<&[&str]> for Value {
    fn from(value: &[&str]) -> Self {
        value.iter().copied().collect()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::Array(exact(values.into_iter().map(Into::into)))
    }
}

/// Collects without room to spare, which `collect` would have to give back.
pub(super) fn exact<T>(items: impl Iterator<Item = T>) -> Box<[T]> {
    let mut list = Vec::with_capacity(items.size_hint().0);
    list.extend(items);
    list.into_boxed_slice()
}

impl PartialEq<str> for Value {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == Some(text)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, text: &&str) -> bool {
        self == *text
    }
}

/// As JSON on one line.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(bool) => serializer.serialize_bool(*bool),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(list) => serializer.collect_seq(list.iter()),
            Self::Object(fields) => fields.serialize(serializer),
            Self::Ordered(fields) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (name.as_str(), value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_json() {
        let list = json!([1, true, "a text longer than fifteen bytes", Value::Null, json!([])]);
        let value = json!({"b": list, "a": json!({})});
        assert_eq!(value.to_string(), r#"{"a":{},"b":[1,true,"a text longer than fifteen bytes",null,[]]}"#);
    }

    #[test]
    fn nothing_is_lost_on_the_way_to_serde_json_and_back() {
        let value =
            serde_json::json!({"b": [1, 2.5, null, true], "a": {"text": "longer than fifteen bytes"}});
        let ours = Value::from(&value);
        assert_eq!(serde_json::Value::from(&ours), value);
        assert_eq!(ours.to_string(), value.to_string());
    }

    #[test]
    fn keys_are_sorted() {
        let value: serde_json::Value = serde_json::from_str(r#"{"b":1,"a":2}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":2,"b":1}"#, "serde_json's preserve_order must stay off");
    }

    #[test]
    fn lists_grow() {
        let mut value = Value::Null;
        value.push("a");
        value.push(2);
        assert_eq!(value, json!(["a", 2]));
    }

    #[test]
    fn small_pieces() {
        assert_eq!((size_of::<Value>(), size_of::<(EcoString, Value)>()), (24, 40));
    }
}
