//! Go's shell patterns: `path.Match` and `filepath.Match`.

/// Whether `name` matches `pattern`; `None` where the pattern is malformed. `*` and `?` do not take a slash.
pub(super) fn matches(pattern: &str, name: &str) -> Option<bool> {
    let mut pattern = pattern;
    let mut name = name;
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = scan(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Some(!name.contains('/'));
        }
        match chunk_matches(chunk, name) {
            Some(Some(left)) if left.is_empty() || !pattern.is_empty() => {
                name = left;
                continue;
            }
            None => return None,
            _ => {}
        }
        if star {
            let mut at = 0;
            while at < name.len() && !name[at..].starts_with('/') {
                at += name[at..].chars().next().map_or(1, char::len_utf8);
                match chunk_matches(chunk, &name[at..]) {
                    Some(Some(left)) => {
                        if pattern.is_empty() && !left.is_empty() {
                            continue;
                        }
                        name = left;
                        continue 'pattern;
                    }
                    None => return None,
                    Some(None) => {}
                }
            }
        }
        // A malformed rest is still an error.
        while !pattern.is_empty() {
            let (_, chunk, rest) = scan(pattern);
            chunk_matches(chunk, "")?;
            pattern = rest;
        }
        return Some(false);
    }
    Some(name.is_empty())
}

/// Stars at the start, what follows up to the next star, and the rest.
fn scan(pattern: &str) -> (bool, &str, &str) {
    let trimmed = pattern.trim_start_matches('*');
    let star = trimmed.len() < pattern.len();
    let mut in_class = false;
    let mut letters = trimmed.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '*' if !in_class => return (star, &trimmed[..at], &trimmed[at..]),
            _ => {}
        }
    }
    (star, trimmed, "")
}

/// What is left of `name` behind the chunk; `Some(None)` where it does not match, `None` where the chunk is malformed.
#[allow(clippy::option_option, reason = "an error, no match, and a match")]
fn chunk_matches<'n>(chunk: &str, name: &'n str) -> Option<Option<&'n str>> {
    let (mut chunk, mut name, mut failed) = (chunk, name, false);
    while let Some(letter) = chunk.chars().next() {
        failed = failed || name.is_empty();
        let found = if failed { None } else { name.chars().next() };
        let width = found.map_or(0, char::len_utf8);
        match letter {
            '[' => {
                chunk = &chunk[1..];
                let negated = chunk.starts_with('^');
                if negated {
                    chunk = &chunk[1..];
                }
                let (mut hit, mut count) = (false, 0);
                loop {
                    if chunk.starts_with(']') && count > 0 {
                        chunk = &chunk[1..];
                        break;
                    }
                    let low;
                    (low, chunk) = class_letter(chunk)?;
                    let mut high = low;
                    if let Some(after) = chunk.strip_prefix('-') {
                        (high, chunk) = class_letter(after)?;
                    }
                    hit |= found.is_some_and(|found| low <= found && found <= high);
                    count += 1;
                }
                failed |= hit == negated;
                name = &name[width.min(name.len())..];
            }
            '?' => {
                failed |= found == Some('/');
                name = &name[width..];
                chunk = &chunk[1..];
            }
            letter => {
                let mut wanted = letter;
                chunk = &chunk[letter.len_utf8()..];
                if letter == '\\' {
                    wanted = chunk.chars().next()?;
                    chunk = &chunk[wanted.len_utf8()..];
                }
                failed |= found != Some(wanted);
                name = &name[width..];
            }
        }
    }
    Some(if failed { None } else { Some(name) })
}

fn class_letter(chunk: &str) -> Option<(char, &str)> {
    let mut letter = chunk.chars().next().filter(|letter| !matches!(letter, '-' | ']'))?;
    let mut rest = &chunk[letter.len_utf8()..];
    if letter == '\\' {
        letter = rest.chars().next()?;
        rest = &rest[letter.len_utf8()..];
    }
    if rest.is_empty() { None } else { Some((letter, rest)) }
}

/// Whether a pattern has characters that are not literal.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_matches() {
        for (pattern, name, expected) in [
            ("*.txt", "a.txt", Some(true)),
            ("*.txt", "a/b.txt", Some(false)),
            ("a*b*c", "aXbYc", Some(true)),
            ("/a/*/c", "/a/b/c", Some(true)),
            ("/a/*/c", "/a/b/b/c", Some(false)),
            ("[a-c]?", "bz", Some(true)),
            ("[^a]", "a", Some(false)),
            ("[]a]", "]", None),
            ("\\*", "*", Some(true)),
            ("[", "a", None),
            ("a[", "x", None),
            ("ab", "ab", Some(true)),
            ("*", "", Some(true)),
            ("a*", "a/", Some(false)),
            ("*x", "xx", Some(true)),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
