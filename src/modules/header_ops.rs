//! Operations on header fields, as `header`, `request_header`, `push` and the `header_up` and `header_down` of
//! `reverse_proxy` write them (docs: "header"): a field with an operator in front, a value, and a replacement if the
//! value is a regular expression to search for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::config::Fields;
use crate::go::canonical_header;
use crate::spec::{Fault, Parsed};
use crate::syntax::Word;

/// What is done with the fields of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderOps {
    add: BTreeMap<String, Vec<String>>,
    set: BTreeMap<String, String>,
    delete: Vec<String>,
    replace: BTreeMap<String, Vec<(String, String)>>,
}

impl HeaderOps {
    /// Whether nothing is done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a field is deleted.
    pub fn deletes(&self) -> bool {
        !self.delete.is_empty()
    }

    /// The value that `field` is set to, in any case.
    pub fn value_of(&self, field: &str) -> Option<&str> {
        self.set.get(&canonical_header(field)).map(String::as_str)
    }

    /// Sets a field, over any value that it has.
    pub fn set(&mut self, field: &str, value: &str) {
        self.set.insert(canonical_header(field), value.to_owned());
    }

    /// Deletes a field; its name keeps its case.
    pub fn delete(&mut self, field: &str) {
        self.delete.push(field.to_owned());
    }

    /// One operation on a request, or on a response where nothing is deferred. `+` adds, `-` deletes, a replacement
    /// makes the value a regular expression, and anything else sets. `?` is a fault at `place`.
    pub fn apply(&mut self, place: &Word, field: &str, value: &str, replacement: Option<&str>) -> Parsed<()> {
        if let Some(name) = field.strip_prefix('+') {
            self.add.entry(canonical_header(name)).or_default().push(value.to_owned());
        } else if let Some(name) = field.strip_prefix('-') {
            self.delete(name);
        } else if let Some(name) = field.strip_prefix('?') {
            return Err(Fault::value(
                place,
                "`?` belongs to `header`, which sees whether a response has the field",
            )
            .help(format!("write `{name}` to set it in any case, or use a matcher")));
        } else if let Some(replacement) = replacement {
            let name = field.trim_start_matches(['+', '-', '?', '>']);
            let pair = (value.to_owned(), replacement.to_owned());
            self.replace.entry(name.to_owned()).or_default().push(pair);
        } else {
            self.set(field.strip_prefix('>').unwrap_or(field), value);
        }
        Ok(())
    }

    /// As JSON fields: `add`, `delete`, `replace`, `set`, those that there are.
    pub fn to_fields(&self) -> Fields {
        let mut fields = Fields::new();
        if !self.add.is_empty() {
            fields.insert("add".to_owned(), json!(self.add));
        }
        if !self.delete.is_empty() {
            fields.insert("delete".to_owned(), json!(self.delete));
        }
        if !self.replace.is_empty() {
            let lists = self.replace.iter().map(|(name, pairs)| {
                (name.clone(), pairs.iter().map(|(search, by)| replacement(search, by)).collect())
            });
            fields.insert("replace".to_owned(), Value::Object(lists.collect()));
        }
        if !self.set.is_empty() {
            let values = self.set.iter().map(|(name, value)| (name.clone(), json!([value])));
            fields.insert("set".to_owned(), Value::Object(values.collect()));
        }
        fields
    }
}

fn replacement(search: &str, by: &str) -> Value {
    let texts = [("search_regexp", search), ("replace", by)];
    let given = texts.into_iter().filter(|(_, text)| !text.is_empty());
    Value::Object(given.map(|(name, text)| (name.to_owned(), Value::from(text))).collect())
}

/// What is done with the fields of a response, when, and on which responses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseHeaderOps {
    /// The operations.
    pub ops: HeaderOps,
    /// A response matcher that must hold.
    pub require: Option<Fields>,
    /// Whether they wait until the response is written.
    pub deferred: bool,
}

impl ResponseHeaderOps {
    /// Whether nothing is done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One operation: those of a request, `?` for a default (the response must not have the field, whose name keeps
    /// its case there), and `>` for one that is deferred. A deletion is deferred too.
    pub fn apply(&mut self, place: &Word, field: &str, value: &str, replacement: Option<&str>) -> Parsed<()> {
        if let Some(name) = field.strip_prefix('?') {
            let require = self.require.get_or_insert_default();
            let headers = require.entry("headers").or_insert_with(|| Value::Object(Fields::new()));
            if let Value::Object(headers) = headers {
                headers.insert(name.to_owned(), Value::Null);
            }
            self.ops.set(name, value);
            return Ok(());
        }
        self.deferred |= field.starts_with(['-', '>']);
        self.ops.apply(place, field, value, replacement)
    }

    /// As JSON fields, those that there are.
    pub fn to_fields(&self) -> Fields {
        let mut fields = self.ops.to_fields();
        if self.deferred {
            fields.insert("deferred".to_owned(), Value::Bool(true));
        }
        if let Some(require) = &self.require {
            fields.insert("require".to_owned(), Value::Object(require.clone()));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `field value replacement`, with the words apart; the JSON of the operations.
    fn request(lines: &[&str]) -> Option<String> {
        let mut ops = HeaderOps::default();
        for line in lines {
            let words: Vec<_> = line.split(' ').collect();
            let value = words.get(1).copied().unwrap_or_default();
            ops.apply(&Word::default(), words[0], value, words.get(2).copied()).ok()?;
        }
        Some(Value::Object(ops.to_fields()).to_string())
    }

    fn response(lines: &[&str]) -> String {
        let mut ops = ResponseHeaderOps::default();
        for line in lines {
            let words: Vec<_> = line.split(' ').collect();
            let value = words.get(1).copied().unwrap_or_default();
            ops.apply(&Word::default(), words[0], value, words.get(2).copied()).unwrap();
        }
        Value::Object(ops.to_fields()).to_string()
    }

    #[test]
    fn request_operations() {
        for (lines, expected) in [
            (&["x-a 1", "X-A 2"][..], Some(r#"{"set":{"X-A":["2"]}}"#)),
            (&["+x-a 1", "+X-A 2"], Some(r#"{"add":{"X-A":["1","2"]}}"#)),
            (&["-x-a", "-b c d"], Some(r#"{"delete":["x-a","b"]}"#)),
            (&[">x-a 1"], Some(r#"{"set":{"X-A":["1"]}}"#)),
            (&["x-a b c"], Some(r#"{"replace":{"x-a":[{"replace":"c","search_regexp":"b"}]}}"#)),
            (&[">+x b c"], Some(r#"{"replace":{"x":[{"replace":"c","search_regexp":"b"}]}}"#)),
            (&["?x 1"], None),
        ] {
            assert_eq!(request(lines).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn response_operations() {
        for (lines, expected) in [
            (&["x 1"][..], r#"{"set":{"X":["1"]}}"#),
            (&["-x"], r#"{"deferred":true,"delete":["x"]}"#),
            (&[">x 1"], r#"{"deferred":true,"set":{"X":["1"]}}"#),
            (&["?x 1"], r#"{"require":{"headers":{"x":null}},"set":{"X":["1"]}}"#),
        ] {
            assert_eq!(response(lines), expected, "{lines:?}");
        }
    }
}
