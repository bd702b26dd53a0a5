//! Path and host patterns: which one takes everything that another takes, and which two can never meet.
//!
//! Both answers lean to the safe side: `covers` says yes, and `disjoint` says yes, only when it is certain.

use std::collections::HashMap;

/// The shape of a `path` pattern. Caddy compares lower-cased; a star at both ends, at one end, or anywhere else
/// means different things (documentation page "Request matchers", `path`).
enum Shape<'a> {
    Exact(&'a str),
    Prefix(&'a str),
    Suffix(&'a str),
    Inside(&'a str),
    Any,
    Other,
}

fn shape(pattern: &str) -> Shape<'_> {
    // Escapes and placeholders are decided at run time; `?` and `[` work inside a pattern as in a file glob.
    let plain = |text: &str| !text.contains(['*', '%', '{', '?', '[', '\\']);
    if pattern == "*" || pattern == "/*" {
        return Shape::Any;
    }
    if plain(pattern) {
        return Shape::Exact(pattern);
    }
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(rest), Some(_)) => match rest.strip_suffix('*') {
            Some(inner) if plain(inner) => Shape::Inside(inner),
            _ => Shape::Other,
        },
        (Some(suffix), None) if plain(suffix) => Shape::Suffix(suffix),
        (None, Some(prefix)) if plain(prefix) => Shape::Prefix(prefix),
        _ => Shape::Other,
    }
}

/// Whether every path that `narrow` takes is taken by `wide` too. Both lower-cased.
pub(crate) fn path_covers(wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return true;
    }
    match (shape(wide), shape(narrow)) {
        (Shape::Any, _) => true,
        (Shape::Prefix(p), Shape::Exact(e) | Shape::Prefix(e)) => e.starts_with(p),
        (Shape::Suffix(s), Shape::Exact(e) | Shape::Suffix(e)) => e.ends_with(s),
        (Shape::Inside(i), Shape::Exact(e) | Shape::Prefix(e) | Shape::Suffix(e) | Shape::Inside(e)) => {
            e.contains(i)
        }
        _ => false,
    }
}

/// Whether no path can be taken by both. Both lower-cased.
pub(crate) fn path_disjoint(a: &str, b: &str) -> bool {
    match (shape(a), shape(b)) {
        (Shape::Exact(a), Shape::Exact(b)) => a != b,
        (Shape::Exact(e), Shape::Prefix(p)) | (Shape::Prefix(p), Shape::Exact(e)) => !e.starts_with(p),
        (Shape::Exact(e), Shape::Suffix(s)) | (Shape::Suffix(s), Shape::Exact(e)) => !e.ends_with(s),
        (Shape::Exact(e), Shape::Inside(i)) | (Shape::Inside(i), Shape::Exact(e)) => !e.contains(i),
        (Shape::Prefix(a), Shape::Prefix(b)) => !a.starts_with(b) && !b.starts_with(a),
        (Shape::Suffix(a), Shape::Suffix(b)) => !a.ends_with(b) && !b.ends_with(a),
        _ => false,
    }
}

/// Whether the host pattern `wide` takes every name that `narrow` takes. A star stands for exactly one label
/// (measured on Caddy 2.11.7: `*` takes `localhost`, not `a.test`).
pub(crate) fn host_covers(wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return true;
    }
    if !wide.contains('*') {
        return false;
    }
    let mut narrow = narrow.split('.');
    let labels = wide.split('.').all(|label| match narrow.next() {
        Some(other) => label == "*" || label == other,
        None => false,
    });
    labels && narrow.next().is_none()
}

/// Host patterns with a value each, in order, to ask for the first that covers a name without trying all of them.
#[derive(Clone, Debug)]
pub(crate) struct Wildcards<T> {
    /// Patterns whose only star is the first label, by what follows it.
    by_parent: HashMap<String, (usize, T)>,
    /// All others with a star.
    others: Vec<(String, (usize, T))>,
    count: usize,
}

impl<T> Default for Wildcards<T> {
    fn default() -> Self {
        Self { by_parent: HashMap::new(), others: Vec::new(), count: 0 }
    }
}

impl<T> Wildcards<T> {
    /// Adds a pattern with a star behind all others; one that is there already stays.
    pub(crate) fn add(&mut self, pattern: &str, value: T) {
        self.count += 1;
        match pattern.strip_prefix("*.").filter(|parent| !parent.contains('*')) {
            Some(parent) => {
                self.by_parent.entry(parent.to_owned()).or_insert((self.count, value));
            }
            None => self.others.push((pattern.to_owned(), (self.count, value))),
        }
    }

    /// The value of the first pattern that covers `name`, which may be a pattern itself.
    pub(crate) fn first(&self, name: &str) -> Option<&T> {
        let parent = name.split_once('.').and_then(|(_, parent)| self.by_parent.get(parent));
        let other = self.others.iter().find(|(pattern, _)| host_covers(pattern, name)).map(|(_, at)| at);
        parent.into_iter().chain(other).min_by_key(|(at, _)| *at).map(|(_, value)| value)
    }
}

/// Whether no name is taken by both host patterns.
pub(crate) fn host_disjoint(a: &str, b: &str) -> bool {
    if a.contains('{') || b.contains('{') {
        return false;
    }
    if a.split('.').count() != b.split('.').count() {
        return true;
    }
    a.split('.').zip(b.split('.')).any(|(a, b)| a != b && a != "*" && b != "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert!(path_covers("/api/*", "/api/auth/*"));
        assert!(path_covers("*.php", "/index.php"));
        assert!(path_covers("*", "/x"));
        assert!(!path_covers("/api/*", "/api"));
        assert!(!path_covers("/a*c/*", "/abc/d"));
        assert!(path_disjoint("/a/*", "/b/*"));
        assert!(path_disjoint("/a", "/b"));
        assert!(!path_disjoint("/a/*", "*.php"));
        assert!(!path_disjoint("/%61", "/a"));
    }

    #[test]
    fn hosts() {
        assert!(host_covers("*.a.test", "b.a.test"));
        assert!(!host_covers("*.a.test", "a.test"));
        assert!(!host_covers("*", "a.test"));
        let mut wildcards = Wildcards::default();
        for (at, pattern) in ["*.*.test", "*.a.test", "*"].into_iter().enumerate() {
            wildcards.add(pattern, at);
        }
        assert_eq!(wildcards.first("b.a.test"), Some(&0));
        assert_eq!(wildcards.first("localhost"), Some(&2));
        assert_eq!(wildcards.first("a.test"), None);
        assert!(host_disjoint("a.test", "b.test"));
        assert!(!host_disjoint("*.test", "b.test"));
        assert!(!host_disjoint("{env.H}", "b.test"));
    }
}
