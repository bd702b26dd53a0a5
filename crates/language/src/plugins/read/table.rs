//! A table of a file, and which of its keys have been read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use ecow::EcoString;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Reader;
use crate::config::{Value, float};

/// A table, and which of its keys have been read.
pub(super) struct Table<'t> {
    keys: &'t DeTable<'t>,
    /// Where it stands.
    pub span: Range<usize>,
    read: RefCell<BTreeSet<String>>,
}

impl<'t> Table<'t> {
    pub(super) fn new(table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        Self { keys: table, span, read: RefCell::default() }
    }

    /// The keys that have not been read, and where they stand.
    pub(super) fn unread(&self) -> Vec<(&'t str, Range<usize>)> {
        let read = self.read.borrow();
        let keys = self.keys.iter().filter(|(key, _)| !read.contains(&**key.get_ref()));
        keys.map(|(key, _)| (&**key.get_ref(), key.span())).collect()
    }

    /// Whether it has the key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.read.borrow_mut().insert(key.to_owned());
        self.keys.get(key)
    }

    fn wrong(reader: &mut Reader, value: &Spanned<DeValue>, key: &str, what: &str) {
        let found = value.get_ref().type_str();
        reader.problem(
            Some(value.span()),
            format!("`{key}` takes {what}, not a value of the type {found}"),
            None,
        );
    }

    pub(super) fn text(&self, reader: &mut Reader, key: &str) -> Option<EcoString> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str().map(EcoString::from);
        if text.is_none() {
            Self::wrong(reader, value, key, "a text");
        }
        text
    }

    pub(super) fn texts(&self, reader: &mut Reader, key: &str) -> Vec<EcoString> {
        let Some(value) = self.get(key) else { return Vec::new() };
        texts(value).unwrap_or_else(|| {
            Self::wrong(reader, value, key, "a list of texts");
            Vec::new()
        })
    }

    pub(super) fn text_lists(&self, reader: &mut Reader, key: &str) -> Vec<Vec<EcoString>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let lists =
            value.get_ref().as_array().and_then(|list| list.iter().map(texts).collect::<Option<Vec<_>>>());
        lists.unwrap_or_else(|| {
            Self::wrong(reader, value, key, "a list of lists of texts");
            Vec::new()
        })
    }

    pub(super) fn flag(&self, reader: &mut Reader, key: &str) -> bool {
        let Some(value) = self.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            Self::wrong(reader, value, key, "`true` or `false`");
            false
        })
    }

    pub(super) fn whole(&self, reader: &mut Reader, key: &str) -> Option<(i64, Range<usize>)> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer();
        let number = number.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            Self::wrong(reader, value, key, "a whole number");
        }
        Some((number?, value.span()))
    }

    pub(super) fn number(&self, reader: &mut Reader, key: &str) -> Option<f64> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            Self::wrong(reader, value, key, "a number");
        }
        number
    }

    /// One of these words; the place of another one is reported.
    pub(super) fn choice<T: Copy>(&self, reader: &mut Reader, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            Self::wrong(reader, value, key, "a text");
            return None;
        };
        let found = choices.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let help = Reader::near(text, names.iter().copied());
            let message = format!("`{key}` is one of {}", crate::spec::fault_list(&names));
            reader.problem(Some(value.span()), message, help);
        }
        found.map(|(_, choice)| *choice)
    }

    pub(super) fn tables(&self, reader: &mut Reader, key: &str) -> Vec<Table<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            Self::wrong(reader, value, key, "a list of tables");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list {
            match item.get_ref().as_table() {
                Some(table) => tables.push(Table::new(table, item.span())),
                None => Self::wrong(reader, item, key, "a list of tables"),
            }
        }
        tables
    }

    /// A value of any kind.
    pub(super) fn value(&self, reader: &mut Reader, key: &str) -> Option<Value> {
        let value = self.get(key)?;
        let found = json(value);
        if found.is_none() {
            Self::wrong(reader, value, key, "a value that JSON can carry");
        }
        found
    }

    /// The keys and values of a table, in the order of the file.
    pub(super) fn values(&self, reader: &mut Reader, key: &str) -> Vec<(EcoString, Value)> {
        match self.value(reader, key) {
            Some(Value::Ordered(fields)) => fields.into_vec(),
            Some(_) => {
                if let Some(value) = self.get(key) {
                    Self::wrong(reader, value, key, "a table");
                }
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

fn texts(value: &Spanned<DeValue>) -> Option<Vec<EcoString>> {
    value.get_ref().as_array()?.iter().map(|item| item.get_ref().as_str().map(EcoString::from)).collect()
}

/// A value as JSON has it; its tables keep their order.
fn json(value: &Spanned<DeValue>) -> Option<Value> {
    Some(match value.get_ref() {
        DeValue::String(text) => Value::from(&**text),
        DeValue::Integer(number) => Value::from(i64::from_str_radix(number.as_str(), number.radix()).ok()?),
        DeValue::Float(number) => float(number.as_str().parse().ok()?),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(_) => return None,
        DeValue::Array(list) => Value::from(list.iter().map(json).collect::<Option<Vec<_>>>()?),
        DeValue::Table(table) => {
            let mut fields = table
                .iter()
                .map(|(key, value)| Some((key.span().start, EcoString::from(&**key.get_ref()), json(value)?)))
                .collect::<Option<Vec<_>>>()?;
            fields.sort_by_key(|(at, ..)| *at);
            Value::Ordered(fields.into_iter().map(|(_, key, value)| (key, value)).collect())
        }
    })
}
