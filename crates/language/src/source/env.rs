//! `{$NAME}` and `{$NAME:default}`, replaced in the raw text before anything else looks at it.
//!
//! Rules as Caddy's documentation has them (concepts of the Caddyfile, "Environment variables"), and as
//! measured: the value is not scanned again; a variable set to the empty string does not use its default; an
//! unset one without default becomes nothing; `{$}` stays; an unclosed `{$` is text.

use std::collections::BTreeMap;

/// The environment that `{$NAME}` is looked up in. Always given by the caller: the library never reads the
/// process's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// Nothing is set.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets `name`, replacing an earlier value.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// All variables, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Env {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// One `{$…}` that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its bytes in the text as written.
    pub written: std::ops::Range<usize>,
    /// Its bytes in the text after substitution.
    pub(crate) value: std::ops::Range<usize>,
    /// The variable.
    pub name: String,
    /// Whether it was neither set nor given a default.
    pub unset: bool,
    /// Whether the value is that of the environment, and not the default, which the file shows anyway.
    pub(crate) is_set: bool,
}

/// What a reference to a variable begins with.
const OPENING: &str = "{$";

/// A text with its `{$NAME}` replaced, and what was replaced.
type Substituted = (String, Vec<Replaced>);

/// Replaces every `{$NAME}` of `text`; `None` when there is none, so that the text can be used as it is. The error is the
/// place of the `{$NAME}` with which the text becomes longer than `most` bytes.
pub(super) fn substitute(
    text: &str,
    env: &Env,
    most: usize,
) -> Result<Option<Substituted>, std::ops::Range<usize>> {
    let mut out = String::new();
    let mut replaced = Vec::new();
    let mut copied = 0;
    let mut search = 0;
    // Most texts have none, which is seen faster than where the first one is.
    if !text.contains(OPENING) {
        return Ok(None);
    }
    while let Some(open) = text[search..].find(OPENING).map(|at| at + search) {
        let Some(close) = text[open + 2..].find('}').map(|at| at + open + 2) else { break };
        search = close + 1;
        let inner = &text[open + 2..close];
        if inner.is_empty() {
            continue;
        }
        let (name, default) = match inner.split_once(':') {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        let found = env.get(name);
        out.push_str(&text[copied..open]);
        let start = out.len();
        out.push_str(found.or(default).unwrap_or(""));
        if out.len() > most {
            return Err(open..search);
        }
        replaced.push(Replaced {
            written: open..search,
            value: start..out.len(),
            name: name.to_owned(),
            unset: found.is_none() && default.is_none(),
            is_set: found.is_some(),
        });
        copied = search;
    }
    if replaced.is_empty() {
        return Ok(None);
    }
    out.push_str(&text[copied..]);
    Ok(Some((out, replaced)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> String {
        let env = Env::from_iter([("A", "one"), ("EMPTY", ""), ("NEST", "{$A}")]);
        substitute(text, &env, usize::MAX).unwrap().map_or_else(|| text.to_owned(), |(out, _)| out)
    }

    #[test]
    fn values_defaults_and_what_stays() {
        assert_eq!(run("x {$A} y"), "x one y");
        assert_eq!(run("{$NOPE}|{$NOPE:d:e}|{$EMPTY:d}"), "|d:e|");
        assert_eq!(run("{$}{$A}"), "{$}one");
        assert_eq!(run("{$A"), "{$A");
        assert_eq!(run("{$NEST}"), "{$A}");
    }
}
