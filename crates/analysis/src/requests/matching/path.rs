//! `path`.

use crate::requests::escape::{Part, unescape};
use crate::requests::glob;
use crate::requests::state::State;
use crate::requests::url::clean_path;

/// Whether the path is like one of the patterns, which are in lower case.
pub(super) fn matches(state: &State<'_>, patterns: &[String]) -> bool {
    let path = state.request.url.path.to_lowercase();
    patterns.iter().any(|pattern| {
        let pattern = state.fill(pattern);
        if pattern == "*" {
            return true;
        }
        let merge = !pattern.contains("//");
        if pattern.contains('%') {
            return matches_escaped(&clean_path(&state.request.url.escaped_path(), merge), &pattern);
        }
        let path = clean_path(&path, merge);
        match (pattern.matches('*').count(), pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (2, Some(after), Some(_)) => path.contains(&after[..after.len() - 1]),
            (1, Some(end), _) => path.ends_with(end),
            (1, None, Some(start)) => path.starts_with(start),
            _ => glob::matches(&pattern, &path).unwrap_or(false),
        }
    })
}

/// A pattern with `%`: escapes in it must be escapes in the path; other characters are compared decoded.
fn matches_escaped(path: &str, pattern: &str) -> bool {
    let path = path.to_lowercase();
    let (path_bytes, pattern_bytes) = (path.as_bytes(), pattern.as_bytes());
    let mut made = String::new();
    let (mut in_pattern, mut in_path) = (0, 0);
    while in_pattern < pattern_bytes.len() && in_path < path_bytes.len() {
        let mut escaped = String::new();
        let mut letter = path[in_path..].chars().next().map(String::from).unwrap_or_default();
        let mut width = letter.len();
        if letter == "%" && path.len() >= in_path + 3 && path.is_char_boundary(in_path + 3) {
            path[in_path..in_path + 3].clone_into(&mut escaped);
            let Some(plain) = unescape(&escaped, Part::Path) else { return false };
            letter = plain;
            in_path += 2;
            width = 1;
        }
        let is_plain_escape = pattern_bytes[in_pattern] == b'%'
            && pattern.len() >= in_pattern + 3
            && pattern_bytes[in_pattern + 1] != b'*';
        match pattern_bytes[in_pattern] {
            b'%' if is_plain_escape => {
                made.push_str(&escaped);
                in_path += 1;
                in_pattern += 2;
            }
            sign @ (b'%' | b'*') => {
                let is_raw = sign == b'%';
                if is_raw {
                    in_pattern += 1;
                }
                let rest = path.get(in_path..).unwrap_or_default();
                let mut until = rest.len();
                if in_pattern + 1 < pattern.len() {
                    match rest.bytes().position(|byte| byte == pattern_bytes[in_pattern + 1]) {
                        Some(at) => until = at,
                        None => return false,
                    }
                }
                if until > 0 {
                    let next = rest.get(..until).unwrap_or(rest);
                    if is_raw {
                        made.push_str(next);
                    } else {
                        let Some(plain) = unescape(next, Part::Path) else { return false };
                        made.push_str(&plain);
                    }
                    in_path += until;
                }
            }
            _ => {
                made.push_str(&letter);
                in_path += width;
            }
        }
        in_pattern += 1;
    }
    if let Some(rest) = path.get(in_path..).filter(|rest| !rest.is_empty()) {
        made.push_str(&unescape(rest, Part::Path).unwrap_or_else(|| rest.to_owned()));
    }
    glob::matches(&pattern.replace("%*", "*"), &made.to_lowercase()).unwrap_or(false)
}
