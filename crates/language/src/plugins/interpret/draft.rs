//! An object while it is read: values by their paths.

use ecow::EcoString;

use super::Ordered;
use crate::config::Value;

/// Values by their paths, parts separated by `/`, in the order in which they were first set.
#[derive(Clone, Debug, Default)]
pub(in crate::plugins) struct Draft(Vec<(EcoString, Value)>);

impl Draft {
    /// The values of an object that has been read before, so that more can be added.
    pub(super) fn of(value: Option<&Value>) -> Self {
        let mut draft = Self::default();
        if let Some(Value::Ordered(fields)) = value {
            draft.0.extend(fields.iter().cloned());
        }
        draft
    }

    /// The value at `path`.
    pub(in crate::plugins) fn get(&self, path: &str) -> Option<&Value> {
        if let Some((_, value)) = self.0.iter().find(|(known, _)| known == path) {
            return Some(value);
        }
        // An object that was read before has been set as a whole.
        let (first, rest) = path.split_once('/')?;
        let mut value = self.0.iter().find(|(known, _)| known == first).map(|(_, value)| value)?;
        for part in rest.split('/') {
            let Value::Ordered(fields) = value else { return None };
            value = fields.iter().find(|(known, _)| known == part).map(|(_, value)| value)?;
        }
        Some(value)
    }

    /// Sets the value at `path`.
    pub(in crate::plugins) fn set(&mut self, path: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == path) {
            Some((_, known)) => *known = value,
            None => self.0.push((path.into(), value)),
        }
    }

    /// Appends to the list at `path`.
    pub(in crate::plugins) fn push(&mut self, path: &str, value: Value) {
        let mut list = self.get(path).cloned().unwrap_or_default();
        list.push(value);
        self.set(path, list);
    }

    /// The paths and their values.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(EcoString, Value)> {
        self.0.iter()
    }
}

/// Sets the value at `path` of an object, and makes the objects on the way.
pub(super) fn put(fields: &mut Ordered, path: &str, value: Option<Value>) {
    match path.split_once('/') {
        None => {
            let Some(value) = value else { return };
            match fields.iter_mut().find(|(known, _)| known == path) {
                Some((_, known)) => *known = value,
                None => fields.push((path.into(), value)),
            }
        }
        Some((first, rest)) => {
            let at = fields.iter().position(|(known, _)| known == first).unwrap_or_else(|| {
                fields.push((first.into(), Value::Ordered(Box::default())));
                fields.len() - 1
            });
            let mut inner = match std::mem::take(&mut fields[at].1) {
                Value::Ordered(inner) => inner.into_vec(),
                _ => Ordered::new(),
            };
            put(&mut inner, rest, value);
            fields[at].1 = Value::Ordered(inner.into_boxed_slice());
        }
    }
}
