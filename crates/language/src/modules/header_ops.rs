//! Operations on header fields, as `header`, `request_header`, `push` and the `header_up` and `header_down` of
//! `reverse_proxy` write them (docs: "header"): a field with an operator in front, a value, and a replacement if the
//! value is a regular expression to search for.

use ecow::EcoString;

use crate::config::{Fields, Value, json};
use crate::go::canonical_header;
use crate::spec::Parsed;
use crate::syntax::Word;

/// What is done with the fields of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeaderOps {
    /// Fields with a further value.
    add: Vec<(EcoString, Value)>,
    /// Fields with their values; of those for one field the last one holds.
    set: Vec<(EcoString, EcoString)>,
    delete: Vec<EcoString>,
    /// Fields with a further replacement.
    replace: Vec<(EcoString, Value)>,
}

impl HeaderOps {
    /// Whether nothing is done.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Sets a field, over any value that it has.
    pub(crate) fn set(&mut self, field: &str, value: &str) {
        self.set.push((canonical_header(field).into(), value.into()));
    }

    /// Deletes a field; its name keeps its case.
    pub(crate) fn delete(&mut self, field: &str) {
        self.delete.push(field.into());
    }

    /// One operation on a request, or on a response where nothing is deferred. `+` adds, `-` deletes, a replacement
    /// makes the value a regular expression, and anything else sets. `?` is a fault at `place`.
    pub(crate) fn apply(
        &mut self,
        place: &Word,
        field: &str,
        value: &str,
        replacement: Option<&str>,
    ) -> Parsed<()> {
        if let Some(name) = field.strip_prefix('+') {
            self.add.push((canonical_header(name).into(), value.into()));
        } else if let Some(name) = field.strip_prefix('-') {
            self.delete(name);
        } else if let Some(name) = field.strip_prefix('?') {
            return Err(crate::spec::value::default_field(place, name));
        } else if let Some(replacement) = replacement {
            let name = field.trim_start_matches(['+', '-', '?', '>']);
            self.replace.push((name.into(), search_and_replace(value, replacement).into()));
        } else {
            self.set(field.strip_prefix('>').unwrap_or(field), value);
        }
        Ok(())
    }

    /// Sets a field of this name, or replaces text in it, whatever the name begins with.
    pub(crate) fn apply_as_written(&mut self, field: &str, value: &str, replacement: Option<&str>) {
        match replacement {
            Some(replacement) => {
                self.replace.push((field.into(), search_and_replace(value, replacement).into()));
            }
            None => self.set(field, value),
        }
    }

    /// As JSON fields: `add`, `delete`, `replace`, `set`, those that there are.
    pub(crate) fn into_fields(self) -> Fields {
        let set = self.set.into_iter().map(|(field, value)| (field, json!([value])));
        let lists = [
            ("add", Value::from(lists(self.add))),
            ("delete", Value::from(self.delete)),
            ("replace", Value::from(lists(self.replace))),
            ("set", Value::from(set.collect::<Fields>())),
        ];
        lists.into_iter().filter(|(_, list)| !list.is_empty()).collect()
    }
}

/// The values of each field as a list, in their order.
fn lists(mut values: Vec<(EcoString, Value)>) -> Fields {
    values.sort_by(|a, b| a.0.cmp(&b.0));
    let mut lists: Vec<(EcoString, Vec<Value>)> = Vec::new();
    for (field, value) in values {
        match lists.last_mut() {
            Some((known, list)) if *known == field => list.push(value),
            _ => lists.push((field, vec![value])),
        }
    }
    lists.into_iter().collect()
}

fn search_and_replace(search: &str, by: &str) -> Fields {
    let texts = [("replace", by), ("search_regexp", search)];
    texts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// What is done with the fields of a response, when, and on which responses.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ResponseHeaderOps {
    /// The operations.
    pub ops: HeaderOps,
    /// Fields that the response must not have.
    missing: Vec<EcoString>,
    /// A response matcher that must hold.
    require: Option<Fields>,
    /// Whether they wait until the response is written.
    pub deferred: bool,
}

impl ResponseHeaderOps {
    /// Whether nothing is done.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Makes `matcher` what a response must be like, over what `?` has required before.
    pub(crate) fn require(&mut self, matcher: Fields) {
        self.missing.clear();
        self.require = Some(matcher);
    }

    /// Makes `matcher`, at `word`, what a response must be like beside the absence of the default's own field.
    ///
    /// # Errors
    ///
    /// The matcher asks for a value of that field.
    pub(crate) fn require_too(&mut self, word: &Word, matcher: &Fields) -> Parsed<()> {
        let mut required = Fields::new();
        if let Some(status) = matcher.get("status_code") {
            required.insert("status_code", status.clone());
        }
        for (field, values) in matcher.get("headers").and_then(Value::as_object).into_iter().flatten() {
            let canonical = canonical_header(field);
            if self.ops.set.iter().any(|(own, _)| *own == *canonical) {
                if values.is_null() {
                    continue;
                }
                return Err(crate::spec::conflict::default_and_match(word, &canonical));
            }
            required.object("headers").insert(field, values.clone());
        }
        self.require = Some(required);
        Ok(())
    }

    /// One operation: those of a request, `?` for a default (the response must not have the field, whose name keeps
    /// its case there), and `>` for one that is deferred. A deletion is deferred too.
    pub(crate) fn apply(
        &mut self,
        place: &Word,
        field: &str,
        value: &str,
        replacement: Option<&str>,
    ) -> Parsed<()> {
        if let Some(name) = field.strip_prefix('?') {
            self.missing.push(name.into());
            self.ops.set(name, value);
            return Ok(());
        }
        self.deferred |= field.starts_with(['-', '>']);
        self.ops.apply(place, field, value, replacement)
    }

    /// As JSON fields, those that there are.
    pub(crate) fn into_fields(self) -> Fields {
        let mut fields = self.ops.into_fields();
        if self.deferred {
            fields.insert("deferred", true);
        }
        let mut require = self.require;
        if !self.missing.is_empty() {
            let headers = require.get_or_insert_default().object("headers");
            headers.extend(self.missing.into_iter().map(|field| (field, Value::Null)));
        }
        if let Some(require) = require {
            fields.insert("require", require);
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
        Some(Value::Object(ops.into_fields()).to_string())
    }

    fn response(lines: &[&str]) -> String {
        let mut ops = ResponseHeaderOps::default();
        for line in lines {
            let words: Vec<_> = line.split(' ').collect();
            let value = words.get(1).copied().unwrap_or_default();
            ops.apply(&Word::default(), words[0], value, words.get(2).copied()).unwrap();
        }
        Value::Object(ops.into_fields()).to_string()
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
