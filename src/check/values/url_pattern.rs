//! The syntax of URL patterns, as the URL Pattern Standard has it.

use crate::check::regexp;

/// Why `pattern` is no URL pattern, in words. Without a base, one that has no `://` must start with its path.
pub(in crate::check) fn fault(pattern: &str, base: &str) -> Option<String> {
    if !base.is_empty() && !base.contains(':') {
        return Some(format!("its base `{base}` has no scheme"));
    }
    let path = if let Some((_, rest)) = pattern.split_once("://") {
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if let Some(why) = authority_fault(authority) {
            return Some(why);
        }
        path
    } else {
        let lead = &pattern[..pattern.find(['/', '#']).unwrap_or(pattern.len())];
        if base.is_empty() && !lead.chars().all(|c| c == '*' || c.is_ascii_digit()) {
            return Some("it must start with `/`, or with a scheme and `://`".to_owned());
        }
        pattern
    };
    Walk { text: path, at: 0, names: Vec::new() }.run().err()
}

fn authority_fault(authority: &str) -> Option<String> {
    if authority.contains(' ') {
        return Some("its host has a space".to_owned());
    }
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    if digits && port.parse::<u16>().is_err() {
        return Some(format!("its port {port} is larger than 65535"));
    }
    authority.contains('[').then(|| "its host has brackets".to_owned())
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
                '{' if open => return Err("a group `{…}` stands inside another".to_owned()),
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
            return Err("the colon has no name behind it".to_owned());
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
