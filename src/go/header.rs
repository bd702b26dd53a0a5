//! Header names.

/// The canonical form of a header name, as Go's `textproto.CanonicalMIMEHeaderKey` has it: `x-foo-bar` becomes
/// `X-Foo-Bar`; a name with a byte that is no token character stays as it is.
pub fn canonical_header(name: &str) -> String {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !name.bytes().all(is_token) {
        return name.to_owned();
    }
    let mut upper = true;
    name.chars()
        .map(|c| {
            let c = if upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            upper = c == '-';
            c
        })
        .collect()
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
