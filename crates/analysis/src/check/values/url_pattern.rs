//! URL patterns, as the URL Pattern Standard has them: what the standard says is asked of its implementation, with Go's
//! regular expressions, and what is wrong is put into words by a look at the pattern's own syntax.

use urlpattern::regexp::RegExp;
use urlpattern::{Error, RegexSyntax, UrlPattern, UrlPatternInit, UrlPatternOptions};

use crate::check::regexp;

/// Why `pattern` is no URL pattern, in words. Without a base, one that has no `://` matches any scheme, host and port:
/// Caddy puts `*://*:*` before it (measured on Caddy 2.11.7).
pub(in crate::check) fn fault(pattern: &str, base: &str) -> Option<String> {
    let whole = match base {
        "" if !pattern.contains("://") => format!("*://*:*{pattern}"),
        _ => pattern.to_owned(),
    };
    let base_url = match base {
        "" => None,
        base => match base.parse() {
            Ok(url) => Some(url),
            Err(error) => return Some(format!("its base `{base}` is not a URL: {error}")),
        },
    };
    let init = UrlPatternInit::parse_constructor_string::<GoRegExp>(&whole, base_url);
    let made = init.and_then(|init| UrlPattern::<GoRegExp>::parse(init, UrlPatternOptions::default()));
    let Err(error) = made else { return name_fault(pattern) };
    if base.is_empty()
        && !whole.starts_with(pattern)
        && !pattern.starts_with(['/', '?', '#', '*', '{', '(', ':'])
    {
        return Some("it must start with `/`, or with a scheme and `://`".to_owned());
    }
    let path =
        whole.split_once("://").map_or(whole.as_str(), |(_, rest)| &rest[rest.find('/').unwrap_or(0)..]);
    let in_words = Walk { text: path, at: 0, names: Vec::new() }.run().err();
    in_words.or_else(|| Some(plain(&error)))
}

/// The standard lets a name begin with `_` or `$`, and Caddy does not (measured on Caddy 2.11.7).
fn name_fault(pattern: &str) -> Option<String> {
    let (mut depth, mut letters) = (0_usize, pattern.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && letters.peek().is_some_and(|next| matches!(next, '_' | '$')) => {
                return Some("the name after the colon must begin with a letter".to_owned());
            }
            _ => {}
        }
    }
    None
}

/// The error of the implementation in words.
fn plain(error: &Error) -> String {
    match error {
        Error::Url(error) => format!("its address is invalid: {error}"),
        Error::RegExp(()) => "a regular expression in it is not valid in Go".to_owned(),
        Error::BaseUrlRequired => "it has no scheme, and no `base_url` gives one".to_owned(),
        other => other.to_string(),
    }
}

/// A regular expression that Go accepts.
struct GoRegExp {
    pattern: String,
    /// The same for Rust, where it has the expression too.
    compiled: Option<regex::Regex>,
}

impl RegExp for GoRegExp {
    fn syntax() -> RegexSyntax {
        RegexSyntax::Rust
    }

    fn parse(pattern: &str, _flags: &str, _force_eval: bool) -> Result<Self, ()> {
        regexp::check(pattern).map_err(drop)?;
        Ok(Self { pattern: pattern.to_owned(), compiled: regex::Regex::new(pattern).ok() })
    }

    /// Asked only whether the pattern's scheme can be one of the Web's.
    fn matches<'a>(&self, text: &'a str) -> Option<Vec<Option<&'a str>>> {
        self.compiled.as_ref()?.is_match(text).then(Vec::new)
    }

    fn pattern_string(&self) -> &str {
        &self.pattern
    }
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    names: Vec<&'a str>,
}

impl Walk<'_> {
    fn run(mut self) -> Result<(), String> {
        let (mut open, mut repeatable, mut search) = (false, false, false);
        while let Some(c) = self.text[self.at..].chars().next() {
            let start = self.at;
            self.at += c.len_utf8();
            let mut can_repeat = false;
            match c {
                '\\' => {
                    let Some(next) = self.text[self.at..].chars().next() else {
                        return Err("the backslash at its end escapes nothing".to_owned());
                    };
                    self.at += next.len_utf8();
                }
                '{' if open => return Err("a group `{…}` is inside another one".to_owned()),
                '{' => open = true,
                '}' if !open => return Err("`}` closes nothing".to_owned()),
                '}' => {
                    open = false;
                    can_repeat = true;
                }
                ':' => {
                    self.name()?;
                    can_repeat = true;
                }
                '(' => {
                    self.group(start)?;
                    can_repeat = true;
                }
                // Behind a name or a group it repeats that; elsewhere it is a wildcard of its own.
                '*' => can_repeat = !repeatable,
                '?' if !repeatable && !search => {
                    search = true;
                    can_repeat = true;
                    self.names.clear();
                }
                '+' | '?' if !repeatable => return Err(format!("`{c}` repeats nothing")),
                _ => {}
            }
            repeatable = can_repeat;
        }
        if open { Err("the group `{` is never closed".to_owned()) } else { Ok(()) }
    }

    /// The name behind a colon, perhaps with its own regular expression.
    fn name(&mut self) -> Result<(), String> {
        let rest = &self.text[self.at..];
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        if name.is_empty() || name.starts_with(char::is_numeric) {
            return Err("the colon has no name after it".to_owned());
        }
        if self.names.contains(&name) {
            return Err(format!("the name `{name}` is given twice"));
        }
        self.names.push(name);
        self.at += length;
        if self.text[self.at..].starts_with('(') {
            self.at += 1;
            self.group(self.at - 1)?;
        }
        Ok(())
    }

    /// A regular expression in parentheses, which captures nothing inside.
    fn group(&mut self, start: usize) -> Result<(), String> {
        let mut depth = 1;
        let inside = &self.text[self.at..];
        let mut chars = inside.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                c if !c.is_ascii() => {
                    return Err("a regular expression in it has other than ASCII characters".to_owned());
                }
                '?' if at == 0 => return Err("a regular expression in it starts with `?`".to_owned()),
                '\\' => drop(chars.next()),
                '(' if chars.peek().is_some_and(|(_, next)| *next == '?') => depth += 1,
                '(' => {
                    return Err(
                        "a regular expression in it has a group that captures; write `(?:…)`".to_owned()
                    );
                }
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let pattern = &inside[..at];
                self.at += at + 1;
                if pattern.is_empty() {
                    return Err("a regular expression in it is empty".to_owned());
                }
                return regexp::check(pattern)
                    .map_err(|fault| format!("`{pattern}` is not a regular expression: {fault}"));
            }
        }
        Err(format!("the parenthesis at character {} is never closed", start + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn patterns_as_caddy_reads_them() {
        for sound in [
            "/books/:id",
            "/a/{b}?",
            "/(\\d+)",
            "/*?",
            "/:id+",
            "",
            "*",
            "#x",
            "/a?b=:c",
            "https://*.a.com/x",
            "//x",
        ] {
            assert_eq!(fault(sound, ""), None, "{sound}");
        }
        for bad in [
            "/{a", "/a}", "/(a", "/([)", "/(?a)", "/:", "/:1", "/a+", "{{a}}", "a", "?a=1", "/(é)", "/:a/:a",
            "/a\\",
        ] {
            assert!(fault(bad, "").is_some(), "{bad}");
        }
    }
}
