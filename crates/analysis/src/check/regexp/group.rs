//! What may follow `(`: a name, flags, or nothing.

use super::{Fault, fault, fault_with};

/// What an opening parenthesis turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `(…)`, `(?P<name>…)` or `(?<name>…)`.
    Capture,
    /// `(?:…)` or `(?i:…)`.
    Group,
    /// `(?i)`: only changes flags, opens nothing.
    Flags,
}

/// Reads the opening at `start`; gives the byte after it.
pub(super) fn open(pattern: &str, start: usize) -> Result<(usize, Kind), Fault> {
    let rest = &pattern[start..];
    if !rest.starts_with("(?") {
        return Ok((start + 1, Kind::Capture));
    }
    for prefix in ["(?P<", "(?<"] {
        // A lone `(?<` at the very end is no name.
        if rest.starts_with(prefix) && rest.len() > prefix.len() && !look_behind(rest) {
            return named(pattern, start, start + prefix.len());
        }
    }
    flags(pattern, start)
}

fn look_behind(rest: &str) -> bool {
    rest.starts_with("(?<=") || rest.starts_with("(?<!")
}

fn named(pattern: &str, start: usize, name_at: usize) -> Result<(usize, Kind), Fault> {
    let Some(length) = pattern[name_at..].find('>') else {
        return fault_with(start, pattern.len(), "the name of the group has no `>`", "write `(?P<name>…)`");
    };
    let name = &pattern[name_at..name_at + length];
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return fault_with(
            start,
            name_at + length + 1,
            format!("`{name}` cannot name a group"),
            "use letters, digits and underscores only",
        );
    }
    Ok((name_at + length + 1, Kind::Capture))
}

fn flags(pattern: &str, start: usize) -> Result<(usize, Kind), Fault> {
    let mut negative = false;
    let mut seen = false;
    let mut end = start + 2;
    for c in pattern[start + 2..].chars() {
        end += c.len_utf8();
        match c {
            'i' | 'm' | 's' | 'U' => seen = true,
            '-' if !negative => {
                negative = true;
                seen = false;
            }
            ':' | ')' if !negative || seen => {
                return Ok((end, if c == ':' { Kind::Group } else { Kind::Flags }));
            }
            _ => break,
        }
    }
    let text = &pattern[start..end];
    let what = match text {
        "(?=" | "(?!" => "look-ahead",
        "(?<" => "look-behind",
        "(?>" => "the atomic group",
        "(?#" => "the comment",
        "(?|" => "the branch reset",
        "(?P" | "(?P=" | "(?P>" => "the back-reference",
        _ => return fault(start, end, format!("`{text}` is not a group that Go's regular expressions have")),
    };
    let shown =
        &pattern[start..(start + 4).min(pattern.len()).max(end).min(end + usize::from(text == "(?<"))];
    let help = match text {
        "(?=" | "(?!" | "(?<" => "use a second matcher, such as `not path_regexp …`",
        _ => "remove it: Go matches in linear time and does not support such constructs",
    };
    fault_with(start, end, format!("{what} `{shown}` does not exist in Go's regular expressions"), help)
}
