//! Finished JSON, packed: a tree that only waits to be written.

use ecow::EcoString;
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};

use super::Module;

/// A JSON value that nothing changes any more. It takes a tenth of the room of a [`Value`], whose smallest object
/// has room for eleven fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Packed {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(EcoString),
    /// A list.
    List(Box<[Packed]>),
    /// An object, its fields in the order in which they are written.
    Object(Box<[(EcoString, Packed)]>),
}

impl Packed {
    /// The field `name` of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl From<Value> for Packed {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(bool),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(list) => Self::List(exact(list.into_iter().map(Self::from))),
            Value::Object(fields) => Self::from(fields),
        }
    }
}

impl From<Module> for Packed {
    fn from(fields: Module) -> Self {
        Self::Object(exact(fields.into_iter().map(|(name, value)| (name.into(), value.into()))))
    }
}

/// Collects without room to spare, which `collect` would have to give back.
fn exact<T>(items: impl ExactSizeIterator<Item = T>) -> Box<[T]> {
    let mut list = Vec::with_capacity(items.len());
    list.extend(items);
    list.into_boxed_slice()
}

impl From<&Packed> for Value {
    fn from(packed: &Packed) -> Self {
        match packed {
            Packed::Null => Self::Null,
            Packed::Bool(bool) => Self::Bool(*bool),
            Packed::Number(number) => Self::Number(number.clone()),
            Packed::Text(text) => Self::from(text.as_str()),
            Packed::List(list) => list.iter().map(Self::from).collect(),
            Packed::Object(fields) => {
                Self::Object(fields.iter().map(|(name, value)| (name.to_string(), value.into())).collect())
            }
        }
    }
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(bool) => serializer.serialize_bool(*bool),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list.iter()),
            Self::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (name.as_str(), value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_is_lost() {
        let value = json!({"b": [1, 2.5, null, true], "a": {"text": "longer than fifteen bytes"}});
        let packed = Packed::from(value.clone());
        assert_eq!(Value::from(&packed), value);
        assert_eq!(serde_json::to_string(&packed).unwrap(), value.to_string());
    }
}
