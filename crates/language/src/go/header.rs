//! Header names.

/// The canonical form of a header name, as Go's `textproto.CanonicalMIMEHeaderKey` has it: `x-foo-bar` becomes
/// `X-Foo-Bar`; a name with a byte that is no token character stays as it is.
pub fn canonical_header(name: &str) -> String {
    let is_token = |b: u8| {
        let is_mark =
            matches!(b, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
        is_mark || b.is_ascii_alphanumeric()
    };
    if !name.bytes().all(is_token) {
        return name.to_owned();
    }
    let mut upper = true;
    let letters = name.bytes().map(|byte| {
        let byte = if upper { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        upper = byte == b'-';
        char::from(byte)
    });
    let mut canonical = String::with_capacity(name.len());
    canonical.extend(letters);
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical() {
        assert_eq!(canonical_header("x-FOO-bar"), "X-Foo-Bar");
        assert_eq!(canonical_header("x foo"), "x foo");
        assert_eq!(canonical_header("Field:"), "Field:");
    }
}
