//! Path patterns: `/a`, `/a*`, `/a/*` (docs: "Request matchers", `path`).

use std::collections::HashMap;

/// What is special in a pattern.
const SPECIAL: [char; 6] = ['*', '?', '[', '\\', '{', '%'];

/// Paths beyond this length are compared by their beginning only.
const LONGEST: usize = 256;

/// The literal beginning of a pattern with a star at its end and nowhere else; `None` for other patterns.
pub(crate) fn prefix(pattern: &str) -> Option<&str> {
    let prefix = pattern.strip_suffix('*')?;
    is_literal(prefix).then_some(prefix)
}

/// Whether a pattern stands for itself alone.
pub(crate) fn is_literal(pattern: &str) -> bool {
    !pattern.contains(SPECIAL)
}

/// Whether `general` certainly matches every path that `specific` does. Case does not count.
pub(crate) fn covers(general: &str, specific: &str) -> bool {
    Patterns::from_iter([(general, ())]).find(specific).is_some()
}

/// Whether a path of the form of `pattern` lies in `folder` or is it: `/app` and `/app/x` for `/app`, not `/apple`.
pub(crate) fn lies_in(pattern: &str, folder: &str) -> bool {
    let (pattern, folder) = (pattern.to_lowercase(), folder.to_lowercase());
    let folder = folder.trim_end_matches('/');
    pattern.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Patterns by which others are found in the time of their own length, each with a value.
#[derive(Clone, Debug)]
pub(crate) struct Patterns<T> {
    exact: HashMap<String, T>,
    prefixes: HashMap<String, T>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self { exact: HashMap::new(), prefixes: HashMap::new() }
    }
}

impl<T: Copy> Patterns<T> {
    /// Adds a pattern; of equal ones the first counts.
    pub(crate) fn insert(&mut self, pattern: &str, value: T) {
        let pattern = pattern.to_lowercase();
        if let Some(prefix) = prefix(&pattern) {
            self.prefixes.entry(prefix.to_owned()).or_insert(value);
        }
        self.exact.entry(pattern).or_insert(value);
    }

    /// The value of a pattern that certainly matches every path that `specific` does. Case does not count.
    pub(crate) fn find(&self, specific: &str) -> Option<T> {
        self.of_lowercase(&specific.to_lowercase()).next()
    }

    /// The least value of such patterns.
    pub(crate) fn least(&self, specific: &str) -> Option<T>
    where
        T: Ord,
    {
        self.of_lowercase(&specific.to_lowercase()).min()
    }

    fn of_lowercase(&self, specific: &str) -> impl Iterator<Item = T> {
        // Of a pattern with stars, only what stands before the first one is certain.
        let certain = specific.find(SPECIAL).unwrap_or(specific.len()).min(LONGEST);
        let ends = if self.prefixes.is_empty() { 0..0 } else { 0..certain + 1 };
        let prefixes = ends.rev().filter_map(|end| self.prefixes.get(specific.get(..end)?));
        self.exact.get(specific).into_iter().chain(prefixes).copied()
    }
}

impl<'a, T: Copy> FromIterator<(&'a str, T)> for Patterns<T> {
    fn from_iter<I: IntoIterator<Item = (&'a str, T)>>(all: I) -> Self {
        let mut patterns = Self::default();
        for (pattern, value) in all {
            patterns.insert(pattern, value);
        }
        patterns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_covers_what() {
        for (general, specific, expected) in [
            ("/a/*", "/a/b", true),
            ("/a/*", "/A/b/*", true),
            ("/a/*", "/a", false),
            ("/a*", "/a", true),
            ("/a", "/a", true),
            ("/a", "/a/*", false),
            ("/a/*/c", "/a/b/c", false),
            ("/a/*", "/*/b", false),
            ("/a/*", "/{env.X}", false),
            ("*", "/x", true),
        ] {
            assert_eq!(covers(general, specific), expected, "{general} {specific}");
        }
    }

    #[test]
    fn segments() {
        assert!(lies_in("/app/*", "/app") && lies_in("/app", "/app/"));
        assert!(!lies_in("/apple", "/app") && !lies_in("/app*", "/app"));
    }
}
