//! Queries as Go's `url.ParseQuery` reads them and `Values.Encode` writes them.

use super::escape::{Part, escape, unescape};

/// The keys of a query, each with its values, in the order in which they first appear.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    fields: Vec<(String, Vec<String>)>,
    /// Whether every part of the text was sound.
    pub(super) is_sound: bool,
}

impl Query {
    /// The sound parts of a query.
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self { fields: Vec::new(), is_sound: true };
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let sound = !part.contains(';');
            match (unescape(key, Part::Query), unescape(value, Part::Query)) {
                (Some(key), Some(value)) if sound => query.add(&key, value),
                _ => query.is_sound = false,
            }
        }
        query
    }

    /// The values of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&[String]> {
        self.fields.iter().find(|(known, _)| known == key).map(|(_, values)| values.as_slice())
    }

    /// Whether there is no key.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Appends a value.
    pub(super) fn add(&mut self, key: &str, value: String) {
        match self.fields.iter_mut().find(|(known, _)| known == key) {
            Some((_, values)) => values.push(value),
            None => self.fields.push((key.to_owned(), vec![value])),
        }
    }

    /// Replaces the values of `key`.
    pub(super) fn set(&mut self, key: &str, values: Vec<String>) {
        match self.fields.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = values,
            None => self.fields.push((key.to_owned(), values)),
        }
    }

    /// Takes `key` out.
    pub(super) fn remove(&mut self, key: &str) -> Option<Vec<String>> {
        let at = self.fields.iter().position(|(known, _)| known == key)?;
        Some(self.fields.remove(at).1)
    }

    /// All values of `key`, or of every key for `*`, to change.
    pub(super) fn values_mut(&mut self, key: &str) -> impl Iterator<Item = &mut String> {
        let wanted = move |known: &str| key == "*" || known == key;
        self.fields.iter_mut().filter(move |(known, _)| wanted(known)).flat_map(|(_, values)| values)
    }

    /// The query as text, sorted by key.
    pub(super) fn encode(&self) -> String {
        let mut fields: Vec<_> = self.fields.iter().collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        let mut out = String::new();
        for (key, values) in fields {
            for value in values {
                if !out.is_empty() {
                    out.push('&');
                }
                out.push_str(&escape(key, Part::Query));
                out.push('=');
                out.push_str(&escape(value, Part::Query));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries() {
        let query = Query::parse("b=1&a=x%20y&b=2&c");
        assert!(query.is_sound);
        assert_eq!(query.encode(), "a=x+y&b=1&b=2&c=");
        let query = Query::parse("a=%zz&b=1&x;y");
        assert!(!query.is_sound && query.get("a").is_none() && query.get("b").is_some());
    }
}
