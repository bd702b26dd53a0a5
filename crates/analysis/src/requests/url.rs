//! The URL of a request as Go's `net/url` holds it, and what Caddy does to it.

use super::escape::{Part, escape, is_valid_path, unescape};

/// A URL without scheme and host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    /// The decoded path.
    pub(super) path: String,
    /// The path as sent, where it differs from the canonical escape of `path`; empty otherwise.
    pub(super) raw_path: String,
    /// What follows the first `?`, as sent.
    pub(super) query: String,
    /// Whether there was a lone `?` at the end.
    pub(super) force_query: bool,
    /// What follows the scheme, where that does not begin with `/`.
    pub(super) opaque: String,
}

/// Why a request target is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl Url {
    /// The URL of a request target, and the host that an absolute one names.
    pub(super) fn parse_target(method: &str, target: &str) -> Result<(Self, String), Malformed> {
        if target.is_empty() || target.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
            return Err(Malformed);
        }
        if target == "*" {
            return Ok((Self { path: "*".to_owned(), ..Self::default() }, String::new()));
        }
        let is_authority = method == "CONNECT" && !target.starts_with('/');
        let (scheme, rest) = if is_authority { (true, format!("//{target}")) } else { scheme(target)? };
        let mut url = Self::default();
        let rest = match rest.strip_suffix('?') {
            Some(before) if !before.contains('?') => {
                url.force_query = true;
                before
            }
            _ => match rest.split_once('?') {
                Some((before, query)) => {
                    query.clone_into(&mut url.query);
                    before
                }
                None => rest.as_str(),
            },
        };
        if !rest.starts_with('/') {
            if !scheme {
                return Err(Malformed);
            }
            rest.clone_into(&mut url.opaque);
            return Ok((url, String::new()));
        }
        let mut path = rest;
        let mut host = String::new();
        if scheme && let Some(after) = rest.strip_prefix("//") {
            let end = after.find('/').unwrap_or(after.len());
            host = authority(&after[..end])?;
            path = &after[end..];
        }
        url.set_path(path)?;
        Ok((url, host))
    }

    fn set_path(&mut self, escaped: &str) -> Result<(), Malformed> {
        self.path = unescape(escaped, Part::Path).ok_or(Malformed)?;
        self.raw_path =
            if escape(&self.path, Part::Path) == escaped { String::new() } else { escaped.to_owned() };
        Ok(())
    }

    /// The path with escapes, as sent where that is valid.
    pub(super) fn escaped_path(&self) -> String {
        if !self.raw_path.is_empty()
            && is_valid_path(&self.raw_path)
            && unescape(&self.raw_path, Part::Path).as_deref() == Some(&self.path)
        {
            return self.raw_path.clone();
        }
        if self.path == "*" { self.path.clone() } else { escape(&self.path, Part::Path) }
    }

    /// The request target for the URL: escaped path and query.
    pub(super) fn request_uri(&self) -> String {
        let mut out = if self.opaque.is_empty() { self.escaped_path() } else { self.opaque.clone() };
        if out.is_empty() {
            out.push('/');
        }
        if self.force_query || !self.query.is_empty() {
            out.push('?');
            out.push_str(&self.query);
        }
        out
    }

    /// Changes the path through its escaped form, as Caddy's `uri` directive does.
    pub(super) fn change_path(&mut self, change: impl Fn(&str) -> String) {
        self.raw_path = change(&self.escaped_path());
        self.path = match unescape(&self.raw_path, Part::Path) {
            Some(path) if !path.is_empty() => path,
            _ => change(&self.path),
        };
        let canonical = Self { path: self.path.clone(), ..Self::default() };
        if self.raw_path == canonical.escaped_path() {
            self.raw_path.clear();
        }
    }
}

/// Whether there is a scheme, and what follows it.
fn scheme(target: &str) -> Result<(bool, String), Malformed> {
    for (at, byte) in target.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err(Malformed),
            b':' => return Ok((true, target[at + 1..].to_owned())),
            _ => break,
        }
    }
    Ok((false, target.to_owned()))
}

/// The host of an authority, without user information.
fn authority(text: &str) -> Result<String, Malformed> {
    let host = text.rsplit_once('@').map_or(text, |(_, host)| host);
    if let Some(rest) = host.strip_prefix('[') {
        let Some((_, port)) = rest.split_once(']') else { return Err(Malformed) };
        if !is_port(port) {
            return Err(Malformed);
        }
        return Ok(host.to_owned());
    }
    if let Some(colon) = host.find(':') {
        let last = host.rfind(':').unwrap_or(colon);
        if !is_port(&host[last..]) {
            return Err(Malformed);
        }
    }
    if host.bytes().any(|byte| b" \"<>\\^`{|}".contains(&byte) || byte == b'/') {
        return Err(Malformed);
    }
    unescape(host, Part::Path).ok_or(Malformed)
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The path without `.`, `..` and, if slashes are merged, empty segments; a slash at its end stays.
pub(super) fn clean_path(path: &str, merge_slashes: bool) -> String {
    if merge_slashes {
        return clean_keeping_end(path);
    }
    // A character that no path has stands between two slashes, so that they are not merged.
    let mut marked = String::with_capacity(path.len() + 4);
    let mut before = ' ';
    for letter in path.chars() {
        if letter == '/' && before == '/' {
            marked.push('\u{10fffd}');
        }
        marked.push(letter);
        before = letter;
    }
    clean_keeping_end(&marked).replace('\u{10fffd}', "")
}

fn clean_keeping_end(path: &str) -> String {
    let mut cleaned = clean(path);
    if cleaned != "/" && path.ends_with('/') {
        cleaned.push('/');
    }
    cleaned
}

/// Go's `path.Clean`: the shortest path that means the same.
pub(crate) fn clean(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => drop(parts.pop()),
                _ if is_rooted => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// A path below `root`, never above it: the request path is cleaned first. A slash at its end stays.
pub(super) fn join_below(root: &str, path: &str) -> String {
    let root = if root.is_empty() { "." } else { root };
    let joined = clean(&format!("{root}/{}", clean(&format!("/{path}"))));
    if path.len() > 1 && path.ends_with('/') && !joined.ends_with('/') { joined + "/" } else { joined }
}

/// Go's `path.Base`: the last element.
pub(super) fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    let last = trimmed.rsplit('/').next().unwrap_or(trimmed);
    if last.is_empty() { "/" } else { last }
}

/// Go's `path.Ext`: from the last dot of the last element.
pub(super) fn extension(path: &str) -> &str {
    let last = path.rfind('/').map_or(0, |at| at + 1);
    path[last..].rfind('.').map_or("", |dot| &path[last + dot..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let path = |target: &str| Url::parse_target("GET", target).map(|(url, host)| (url.path, host));
        assert_eq!(path("http://u@b.test/p?x"), Ok(("/p".to_owned(), "b.test".to_owned())));
        assert_eq!(path("//a/b"), Ok(("//a/b".to_owned(), String::new())));
        assert_eq!(path("x"), Err(Malformed));
        assert_eq!(path("/%zz"), Err(Malformed));
        let (url, _) = Url::parse_target("GET", "/a%2fb?").unwrap();
        assert_eq!((url.path.as_str(), url.request_uri().as_str()), ("/a/b", "/a%2fb?"));
        let (url, _) = Url::parse_target("GET", "/a\"b#c").unwrap();
        assert_eq!(url.request_uri(), "/a%22b%23c");
        let (url, _) = Url::parse_target("GET", "foo:bar").unwrap();
        assert_eq!((url.path.as_str(), url.request_uri().as_str()), ("", "bar"));
    }

    #[test]
    fn paths() {
        assert_eq!(clean_path("/a/../b//c/", true), "/b/c/");
        assert_eq!(clean_path("/a//b/", false), "/a//b/");
        assert_eq!(join_below("/srv", "/../x/"), "/srv/x/");
        assert_eq!((base("/a/b/"), base("/"), extension("/a.b/c")), ("b", "/", ""));
    }
}
