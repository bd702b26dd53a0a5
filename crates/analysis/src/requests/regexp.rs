//! Go's regular expressions, translated to those of the crate `regex`. Both find the leftmost match in the same way; they differ
//! in classes, which are ASCII in Go, in escapes, and in which brackets and braces are literal.

use std::cell::OnceCell;

use regex::{Captures, Regex, RegexBuilder};

/// The most memory that a compiled expression may take (bytes).
const LARGEST: usize = 32 << 20;

/// An expression, compiled when it is first asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Regexp {
    /// As written.
    pub(super) pattern: String,
    compiled: OnceCell<Option<Regex>>,
}

impl Regexp {
    /// The expression `pattern`.
    pub(super) fn new(pattern: impl Into<String>) -> Self {
        Self { pattern: pattern.into(), compiled: OnceCell::new() }
    }

    /// The compiled expression; `None` where it is none, or too large.
    pub(super) fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.pattern)).as_ref()
    }

    /// Replaces all matches, with `$1` and `${name}` in `by`.
    pub(super) fn replace_all(&self, input: &str, by: &str) -> String {
        match self.get() {
            Some(regex) => regex.replace_all(input, by).into_owned(),
            None => input.to_owned(),
        }
    }

    /// The template `by` with what the first match in `input` captured.
    pub(super) fn expand(&self, input: &str, by: &str) -> Option<String> {
        let captures = self.get()?.captures(input)?;
        let mut out = String::new();
        captures.expand(by, &mut out);
        Some(out)
    }

    /// What the first match in `input` captured.
    pub(super) fn captures<'t>(&self, input: &'t str) -> Option<Captures<'t>> {
        self.get()?.captures(input)
    }

    /// The names of the groups, by number.
    pub(super) fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.get().into_iter().flat_map(Regex::capture_names)
    }
}

/// The expression for the crate `regex`; `None` where Go has none, or it is too large.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    crate::check::regexp::check(pattern).ok()?;
    RegexBuilder::new(&translate(pattern)).size_limit(LARGEST).build().ok()
}

/// The same expression in the language of the crate `regex`. It is sound: it was checked before.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        rest = match letter {
            '\\' => escape(rest, &mut out),
            '[' => class(rest, &mut out),
            '{' if repeats(rest).is_none() => {
                out.push_str("\\{");
                after
            }
            '{' => {
                let end = repeats(rest).unwrap_or(1);
                out.push_str(&rest[..end]);
                &rest[end..]
            }
            '(' if after.starts_with('?') => {
                let end = rest.find([':', ')', '>']).map_or(rest.len(), |at| at + 1);
                out.push_str(&rest[..end]);
                &rest[end..]
            }
            '}' | ']' => {
                out.push('\\');
                out.push(letter);
                after
            }
            _ => {
                out.push(letter);
                after
            }
        };
    }
    out
}

/// The length of a counted repetition at the start, braces included.
fn repeats(rest: &str) -> Option<usize> {
    let end = rest.find('}')?;
    let inside = &rest[1..end];
    let number = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text.len() == 1 || !text.starts_with('0'))
    };
    let sound = match inside.split_once(',') {
        None => number(inside),
        Some((least, most)) => number(least) && (most.is_empty() || number(most)),
    };
    sound.then_some(end + 1)
}

/// A set of characters by its letter, as it stands inside brackets.
fn set(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "0-9",
        'D' => "[^0-9]",
        's' => "\\t\\n\\x0C\\r\\x20",
        'S' => "[^\\t\\n\\x0C\\r\\x20]",
        'w' => "0-9A-Za-z_",
        'W' => "[^0-9A-Za-z_]",
        _ => return None,
    })
}

/// What a backslash begins outside of brackets; gives the rest behind it.
fn escape<'r>(rest: &'r str, out: &mut String) -> &'r str {
    let Some(letter) = rest[1..].chars().next() else { return "" };
    let after = &rest[1 + letter.len_utf8()..];
    match letter {
        'A' | 'z' => {
            out.push('\\');
            out.push(letter);
            after
        }
        'b' | 'B' => {
            out.push_str(if letter == 'b' { "(?-u:\\b)" } else { "(?-u:\\B)" });
            after
        }
        'C' => {
            out.push_str("(?s:.)");
            after
        }
        'Q' => {
            let (quoted, after) = after.split_once("\\E").unwrap_or((after, ""));
            for letter in quoted.chars() {
                push(out, u32::from(letter));
            }
            after
        }
        'p' | 'P' => property(rest, out),
        _ => {
            let Some(inside) = set(letter) else {
                let (number, after) = character(rest);
                push(out, number);
                return after;
            };
            out.push('[');
            out.push_str(inside);
            out.push(']');
            after
        }
    }
}

/// `\pL` or `\p{Greek}`, which both languages have.
fn property<'r>(rest: &'r str, out: &mut String) -> &'r str {
    let end = if rest[2..].starts_with('{') {
        rest.find('}').map_or(rest.len(), |at| at + 1)
    } else {
        2 + rest[2..].chars().next().map_or(0, char::len_utf8)
    };
    let text = rest[..end].replace("{^", "{");
    if rest[2..].starts_with("{^") {
        out.push_str(&text.replacen(&text[..2], if text.starts_with("\\p") { "\\P" } else { "\\p" }, 1));
    } else {
        out.push_str(&text);
    }
    &rest[end..]
}

/// One character with or without a backslash, and the rest.
fn character(rest: &str) -> (u32, &str) {
    let Some(first) = rest.chars().next() else { return (0, "") };
    let after = &rest[first.len_utf8()..];
    if first != '\\' {
        return (u32::from(first), after);
    }
    let Some(letter) = after.chars().next() else { return (u32::from('\\'), after) };
    let after = &after[letter.len_utf8()..];
    let number = match letter {
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        'x' => {
            if let Some(braced) = after.strip_prefix('{') {
                let end = braced.find('}').unwrap_or(braced.len());
                return (
                    u32::from_str_radix(&braced[..end], 16).unwrap_or(0),
                    braced.get(end + 1..).unwrap_or(""),
                );
            }
            let end = after.len().min(2);
            return (u32::from_str_radix(&after[..end], 16).unwrap_or(0), &after[end..]);
        }
        '0'..='7' => {
            let more = after.bytes().take(2).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
            let digits: String = std::iter::once(letter).chain(after[..more].chars()).collect();
            return (u32::from_str_radix(&digits, 8).unwrap_or(0), &after[more..]);
        }
        other => u32::from(other),
    };
    (number, after)
}

/// A character by its number.
fn push(out: &mut String, number: u32) {
    out.push_str(&format!("\\x{{{number:X}}}"));
}

/// A bracket expression; gives the rest behind it.
fn class<'r>(rest: &'r str, out: &mut String) -> &'r str {
    let mut rest = &rest[1..];
    out.push('[');
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    let mut is_first = true;
    while !rest.is_empty() && (is_first || !rest.starts_with(']')) {
        is_first = false;
        if let Some(named) = rest.strip_prefix("[:")
            && let Some(end) = named.find(":]")
        {
            out.push_str(&rest[..end + 4]);
            rest = &named[end + 2..];
            continue;
        }
        if let Some(after) = rest.strip_prefix('\\') {
            match after.chars().next() {
                Some('p' | 'P') => {
                    rest = property(rest, out);
                    continue;
                }
                Some(letter) if set(letter).is_some() => {
                    out.push_str(set(letter).unwrap_or_default());
                    rest = &after[letter.len_utf8()..];
                    continue;
                }
                _ => {}
            }
        }
        let (low, after) = character(rest);
        push(out, low);
        rest = after;
        if let Some(after) = rest.strip_prefix('-')
            && !after.is_empty()
            && !after.starts_with(']')
        {
            let (high, after) = character(after);
            out.push('-');
            push(out, high);
            rest = after;
        }
    }
    out.push(']');
    rest.get(1..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_reads_them() {
        for (pattern, yes, no) in [
            (r"^\d+$", "12", "١"),
            (r"^\w$", "_", "é"),
            (r"^[\d.\-a&&b]+$", "1.-&b", "c"),
            (r"^a{,2}$", "a{,2}", "aa"),
            (r"^\Qa.b\E$", "a.b", "axb"),
            (r"^[]a]$", "]", "b"),
            (r"^[[:alpha:]-]$", "-", "1"),
            (r"^\x41\101\x{42}$", "AAB", "a"),
            (r"^[^\D]$", "1", "a"),
            (r"(?i)^ABC$", "abc", "abd"),
            (r"\bx\b", "a x b", "éxa"),
            (r"^\p{Greek}$", "α", "a"),
            (r"^#x $", "#x ", "x"),
        ] {
            let regex = compile(pattern).unwrap_or_else(|| panic!("{pattern}: {}", translate(pattern)));
            assert!(regex.is_match(yes), "{pattern} {yes}: {}", translate(pattern));
            assert!(!regex.is_match(no), "{pattern} {no}");
        }
        assert_eq!(Regexp::new("(a)(b)?").replace_all("ab a", "<$2${1}>"), "<ba> <a>");
        assert!(compile("(?=a)").is_none());
    }
}
