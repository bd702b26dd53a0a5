//! Percent escapes as Go's `net/url` writes and reads them.

use super::text;

/// What a text is escaped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A whole path.
    Path,
    /// One segment of a path.
    Segment,
    /// A key or value of a query.
    Query,
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn must_escape(byte: u8, part: Part) -> bool {
    if is_unreserved(byte) {
        return false;
    }
    match part {
        Part::Path => !matches!(byte, b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'@'),
        Part::Segment => !matches!(byte, b'$' | b'&' | b'+' | b':' | b'=' | b'@'),
        Part::Query => true,
    }
}

/// The text with escapes; in a query a space becomes `+`.
pub(super) fn escape(plain: &str, part: Part) -> String {
    if plain.bytes().all(|byte| !must_escape(byte, part)) {
        return plain.to_owned();
    }
    let mut out = String::with_capacity(plain.len() + 8);
    for &byte in text::bytes(plain).iter() {
        if byte == b' ' && part == Part::Query {
            out.push('+');
        } else if must_escape(byte, part) {
            push_escape(&mut out, byte);
        } else {
            out.push(char::from(byte));
        }
    }
    out
}

fn push_escape(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// The text without escapes; `None` where a `%` is not followed by two hexadecimal digits.
pub(super) fn unescape(escaped: &str, part: Part) -> Option<String> {
    let is_plain = |byte: u8| byte != b'%' && !(byte == b'+' && part == Part::Query);
    if escaped.bytes().all(is_plain) {
        return Some(escaped.to_owned());
    }
    let bytes = text::bytes(escaped);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'%' => {
                out.push(hex(*bytes.get(at + 1)?)? << 4 | hex(*bytes.get(at + 2)?)?);
                at += 3;
                continue;
            }
            b'+' if part == Part::Query => out.push(b' '),
            byte => out.push(byte),
        }
        at += 1;
    }
    Some(text::of_bytes(&out))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Whether an escaped path may be sent as it is.
pub(super) fn is_valid_path(escaped: &str) -> bool {
    escaped.bytes().all(|byte| {
        matches!(byte, b'!' | b'\'' | b'(' | b')' | b'*' | b'[' | b']' | b'%')
            || !must_escape(byte, Part::Path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_go_writes_them() {
        assert_eq!(escape("/a b/é[]!", Part::Path), "/a%20b/%C3%A9%5B%5D%21");
        assert_eq!(escape("a b&c", Part::Query), "a+b%26c");
        assert_eq!(escape("a/b,c", Part::Segment), "a%2Fb%2Cc");
        assert_eq!(unescape("a+b%20c", Part::Query).as_deref(), Some("a b c"));
        assert_eq!(unescape("a+b%2", Part::Path), None);
        assert!(is_valid_path("/a%2fb[]") && !is_valid_path("/a\"") && !is_valid_path("/é"));
    }
}
