//! Path patterns: `/a`, `/a*`, `/a/*` (docs: "Request matchers", `path`).

/// The literal beginning of a pattern with a star at its end and nowhere else; `None` for other patterns.
pub fn prefix(pattern: &str) -> Option<&str> {
    let prefix = pattern.strip_suffix('*')?;
    is_literal(prefix).then_some(prefix)
}

/// Whether a pattern stands for itself alone.
pub fn is_literal(pattern: &str) -> bool {
    !pattern.contains(['*', '?', '[', '\\', '{', '%'])
}

/// Whether `general` certainly matches every path that `specific` does. Case does not count.
pub fn covers(general: &str, specific: &str) -> bool {
    let (general, specific) = (general.to_lowercase(), specific.to_lowercase());
    if general == specific {
        return true;
    }
    let Some(prefix) = prefix(&general) else { return false };
    // Of a pattern with stars, only what stands before the first one is certain.
    let certain = specific.find(['*', '?', '[', '\\', '{', '%']).unwrap_or(specific.len());
    specific[..certain].starts_with(prefix)
}

/// Whether a path of the form of `pattern` lies in `folder` or is it: `/app` and `/app/x` for `/app`, not `/apple`.
pub fn lies_in(pattern: &str, folder: &str) -> bool {
    let (pattern, folder) = (pattern.to_lowercase(), folder.to_lowercase());
    let folder = folder.trim_end_matches('/');
    pattern.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether some path may match both patterns. Only for literals and prefixes; `false` where that is not known.
pub fn overlap(a: &str, b: &str) -> bool {
    covers(a, b) || covers(b, a)
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
