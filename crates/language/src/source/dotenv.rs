//! The text of an environment file, read as `caddy adapt --envfile` reads it (measured on Caddy 2.11.7).

use std::collections::BTreeMap;

/// Why a file cannot be read. Says nothing of values, which may be secret.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// The variables of `text`. A name given twice has its last value.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, Malformed> {
    let mut variables = BTreeMap::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) =
            split(line).map_err(|(message, help)| Malformed { line: at + 1, message, help })?;
        // A `#` starts a comment, even inside quotes.
        let bare = value.find('#').map_or(value, |comment| value[..comment].trim_end_matches([' ', '\t']));
        let value = match bare.chars().next() {
            Some(quote @ ('"' | '\'')) => quoted(quote, line, bare, &mut lines),
            _ => bare.to_owned(),
        };
        variables.insert(name.to_owned(), value);
    }
    Ok(variables)
}

/// The name and the raw value of a line.
fn split(line: &str) -> Result<(&str, &str), (&'static str, &'static str)> {
    let Some((name, value)) = line.split_once('=') else {
        return Err(("a line without `=`", "write KEY=VALUE, or start the line with `#`"));
    };
    let name = name.strip_prefix("export ").unwrap_or(name);
    if name.is_empty() {
        return Err(("no name before `=`", "write KEY=VALUE"));
    }
    if name.contains(' ') {
        return Err(("a space in the name", "write KEY=VALUE, without spaces around `=`"));
    }
    if value.starts_with([' ', '\t']) {
        return Err(("a space after `=`", "write KEY=VALUE, without spaces around `=`"));
    }
    Ok((name, value))
}

/// A quoted value: it goes on over further lines until one ends with `quote` that has no backslash before it. The
/// first line is judged whole, with its comment, so a comment after a closed quote swallows what follows.
fn quoted<'a>(
    quote: char,
    first: &str,
    value: &str,
    rest: &mut impl Iterator<Item = (usize, &'a str)>,
) -> String {
    let escaped = format!("\\{quote}");
    let open = |line: &str| !line.ends_with(quote) || line.ends_with(&escaped);
    let mut lines = vec![value];
    // With each further line Caddy takes a backslash away before each quote of all that it has so far.
    let mut passes = 0;
    let mut is_open = open(first);
    while is_open {
        passes += 1;
        let Some((_, line)) = rest.next() else { break };
        lines.push(line);
        is_open = open(&unescaped(line, quote, 1));
    }
    let mut value = String::new();
    for (number, line) in lines.into_iter().enumerate() {
        if number > 0 {
            value.push('\n');
        }
        value.push_str(&unescaped(line, quote, if number == 0 { passes } else { passes - number + 1 }));
    }
    let value = value.strip_prefix(quote).unwrap_or(&value);
    value.strip_suffix(quote).unwrap_or(value).to_owned()
}

/// `text` with up to `most` backslashes less before each `quote`.
fn unescaped(text: &str, quote: char, most: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(quote) {
        let Some(before) = part.strip_suffix(quote) else {
            out.push_str(part);
            continue;
        };
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        out.push_str(&before[..before.len() - backslashes.min(most)]);
        out.push(quote);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        let found = parse(text).unwrap();
        found.into_iter().map(|(name, value)| format!("{name}={value:?}")).collect::<Vec<_>>().join(" ")
    }

    /// Each measured with `caddy environ --envfile`.
    #[test]
    fn lines_comments_and_quotes() {
        for (text, expected) in [
            ("# no\n\nA=1\nexport B=two words \nA=3\n", r#"A="3" B="two words""#),
            ("A=x\ty # z\nB=x#y\nC=\nD=a=b\nE=#x", r#"A="x\ty" B="x" C="" D="a=b" E="""#),
            ("A='it''s'\nB=\"a#b\"\nC=\"a\\\"b\"", r#"A="it''s" B="a" C="a\\\"b""#),
            ("A='x\r\ny'\r\nB=1\r\n", r#"A="x\ny" B="1""#),
            ("A=\"one\n  two\\\"\nB=1", r#"A="one\n  two" B="1""#),
            ("A=\"x\" # c\nB=2\nC=\"z\"\nD=4", r#"A="x\"\nB=2\nC=\"z" D="4""#),
            ("A=\"x\ny\\\\\"\nB=3\nC=\"q\"", r#"A="x\ny\"\nB=3\nC=\"q""#),
            ("A=\"x \\\"y\\\"\nz\"", r#"A="x \"y\"\nz""#),
            ("A=\"a\\\\\\\\\"x\nb\\\\\\\"y\nc\\\\\\\"z\nd\"", r#"A="a\\\"x\nb\"y\nc\\\"z\nd""#),
            ("A=\"", r#"A="""#),
            ("A=\"x", r#"A="x""#),
        ] {
            assert_eq!(one(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (text, line, message) in [
            ("A=1\nnothing", 2, "a line without `=`"),
            ("=1", 1, "no name before `=`"),
            ("A =1", 1, "a space in the name"),
            ("A= 1", 1, "a space after `=`"),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!((fault.line, fault.message), (line, message), "{text}");
        }
    }
}
