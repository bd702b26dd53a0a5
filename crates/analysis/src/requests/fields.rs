//! Header fields as Go's `http.Header` holds them: canonical names, each with its values.

use ecow::EcoString;

use caddyctl_language::go::canonical_header;

/// Header fields. A field without values is known to be there, which Go uses to keep it from being guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(EcoString, Vec<String>)>);

impl Fields {
    /// The values of the field `name`, which is canonical.
    pub fn values(&self, name: &str) -> Option<&[String]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
    }

    /// The first value of the field `name`, which is canonical; empty without one.
    pub(super) fn first(&self, name: &str) -> &str {
        self.values(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Whether there is a field `name`, with or without values.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values(name).is_some()
    }

    /// Appends a value.
    pub(super) fn add(&mut self, name: &str, value: impl Into<String>) {
        let name = canonical_header(name);
        self.entry(&name).push(value.into());
    }

    /// Replaces all values.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        let name = canonical_header(name);
        *self.entry(&name) = vec![value.into()];
    }

    /// Replaces all values of a name that is taken as it is.
    pub(super) fn put(&mut self, name: &str, values: Vec<String>) {
        *self.entry(name) = values;
    }

    /// Takes the field out, whose name is made canonical first.
    pub(super) fn remove(&mut self, name: &str) -> Option<Vec<String>> {
        self.take(&canonical_header(name))
    }

    /// Takes the field out, whose name is taken as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<Vec<String>> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Keeps the fields that `keep` says.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    /// Takes all fields out.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds all fields of `others` to what is there.
    pub(super) fn copy(&mut self, others: &Self) {
        for (name, values) in &others.0 {
            for value in values {
                self.add(name, value.clone());
            }
        }
    }

    /// The fields in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The fields, to change their values.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Vec<String>)> {
        self.0.iter_mut().map(|(name, values)| (name.as_str(), values))
    }

    fn entry(&mut self, name: &str) -> &mut Vec<String> {
        let at = self.0.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.0.push((name.into(), Vec::new()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

/// Whether `name` can be the name of a header field.
pub(super) fn is_token(name: &str) -> bool {
    let mark = |byte: u8| matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || mark(byte))
}

/// Whether one of the comma-separated elements of `values` is `token`, ignoring case.
pub(super) fn contains_token(values: &[String], token: &str) -> bool {
    values.iter().flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}
