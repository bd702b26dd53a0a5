//! Caddy's placeholders inside expressions: `{x.y}` becomes `ph(req, "x.y")`, and `\{x.y}` becomes `{x.y}`.

/// The expression that CEL gets to see.
pub(super) fn expand(text: &str) -> String {
    unescape(&calls(text))
}

fn calls(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    let mut start = true;
    // A placeholder needs a character before it that is no backslash and belongs to no other placeholder.
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        if c != '\\'
            && let Some(name) = placeholder(&text[next..])
        {
            out.push(c);
            out.push_str(&call(name));
            at = next + name.len() + 2;
        } else if start && let Some(name) = placeholder(text) {
            out.push_str(&call(name));
            at = name.len() + 2;
        } else {
            out.push(c);
            at = next;
        }
        start = false;
    }
    out
}

fn call(name: &str) -> String {
    format!("ph(req, \"{name}\")")
}

/// The name inside `{…}` at the start of `text`: a letter, and at least one further character.
fn placeholder(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('{')?;
    let name = &inside[..inside.find('}')?];
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let sound = name.len() > 1 && name.as_bytes()[0].is_ascii_alphabetic() && name.bytes().all(word);
    sound.then_some(name)
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("\\{").map(|found| found + at) {
        out.push_str(&text[at..found]);
        if placeholder(&text[found + 1..]).is_none() {
            out.push('\\');
        }
        at = found + 1;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn placeholders_become_calls() {
        assert_eq!(expand("{a.b} == 1"), "ph(req, \"a.b\") == 1");
        assert_eq!(expand("!{ab}&&{c-d}"), "!ph(req, \"ab\")&&ph(req, \"c-d\")");
        assert_eq!(expand("{ab}{cd}"), "ph(req, \"ab\"){cd}");
        assert_eq!(expand("'\\{ab}' == {a}"), "'{ab}' == {a}");
        assert_eq!(expand("{'a': 1}"), "{'a': 1}");
    }
}
