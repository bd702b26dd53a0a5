//! The fields of a JSON object.

use std::slice;

use ecow::EcoString;
use serde::ser::{Serialize, Serializer};

use super::value::{Value, exact};

/// The fields of a JSON object, sorted by name. Objects are small, so it is a list without room to spare: a map would
/// take ten times as much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fields(Box<[(EcoString, Value)]>);

/// Among so few fields one is found faster by its length than by its order.
const FEW: usize = 8;

impl Fields {
    /// No fields.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The value of the field `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        if self.0.len() <= FEW {
            return self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        }
        self.place(name).ok().map(|place| &self.0[place].1)
    }

    /// The value of the field `name`, to change.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.place(name).ok().map(|place| &mut self.0[place].1)
    }

    /// Whether there is a field `name`.
    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Sets the field `name`, over any value that it has.
    pub(crate) fn insert(&mut self, name: impl Into<EcoString>, value: impl Into<Value>) {
        *self.entry(name) = value.into();
    }

    /// Sets the field `name`, unless it has a value.
    pub(crate) fn insert_if_missing(&mut self, name: impl Into<EcoString>, value: impl FnOnce() -> Value) {
        let name = name.into();
        if !self.contains_key(&name) {
            self.insert(name, value());
        }
    }

    /// The value of the field `name`; a new one is `null`.
    pub(crate) fn entry(&mut self, name: impl Into<EcoString>) -> &mut Value {
        let name = name.into();
        let place = self.place(&name).unwrap_or_else(|place| {
            let mut fields = std::mem::take(&mut self.0).into_vec();
            fields.reserve_exact(1);
            fields.insert(place, (name, Value::Null));
            self.0 = fields.into_boxed_slice();
            place
        });
        &mut self.0[place].1
    }

    /// The fields of the object `name`, which is made if there is none.
    pub(crate) fn object(&mut self, name: impl Into<EcoString>) -> &mut Self {
        let value = self.entry(name);
        if !matches!(value, Value::Object(_)) {
            *value = Value::Object(Self::new());
        }
        match value {
            Value::Object(fields) => fields,
            _ => unreachable!("it is an object now"),
        }
    }

    /// Appends to the list `name`, which is made if there is none.
    pub(crate) fn push(&mut self, name: impl Into<EcoString>, value: impl Into<Value>) {
        self.entry(name).push(value);
    }

    /// Takes the field `name` out.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name).ok()?;
        let mut fields = std::mem::take(&mut self.0).into_vec();
        let (_, value) = fields.remove(place);
        self.0 = fields.into_boxed_slice();
        Some(value)
    }

    /// The fields, sorted by name.
    pub fn iter(&self) -> Iter<'_> {
        self.into_iter()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }
}

/// The fields of an object, one after the other.
#[derive(Clone, Debug)]
pub struct Iter<'a>(slice::Iter<'a, (EcoString, Value)>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Fields {
    type Item = (&'a str, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        Iter(self.0.iter())
    }
}

impl IntoIterator for Fields {
    type Item = (EcoString, Value);
    type IntoIter = std::vec::IntoIter<(EcoString, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_vec().into_iter()
    }
}

impl<N: Into<EcoString>, V: Into<Value>> Extend<(N, V)> for Fields {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, fields: I) {
        let further = fields.into_iter().map(|(name, value)| (name.into(), value.into()));
        *self = std::mem::take(self).into_iter().chain(further).collect();
    }
}

/// Of two fields with one name the last one stays.
impl<N: Into<EcoString>, V: Into<Value>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let fields = exact(fields.into_iter().map(|(name, value)| (name.into(), value.into())));
        if fields.windows(2).all(|pair| pair[0].0 < pair[1].0) {
            return Self(fields);
        }
        let mut fields = fields.into_vec();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields.dedup_by(|later, earlier| {
            let is_same = later.0 == earlier.0;
            if is_same {
                std::mem::swap(later, earlier);
            }
            is_same
        });
        Self(fields.into_boxed_slice())
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_once() {
        let mut fields: Fields = [("b", 1), ("a", 2), ("b", 3)].into_iter().collect();
        fields.push("c", "x");
        fields.push("c", "y");
        fields.object("0").insert("z", true);
        assert_eq!(fields.remove("a"), Some(Value::from(2)));
        assert_eq!(fields.remove("a"), None);
        assert_eq!(Value::from(fields).to_string(), r#"{"0":{"z":true},"b":3,"c":["x","y"]}"#);
    }
}
