//! The layout of a Caddyfile.

use caddyctl::syntax::fmt;

/// Lays a text out.
pub fn run(data: &[u8]) {
    let formatted = fmt::format(data);
    assert!(std::str::from_utf8(&formatted).is_ok());
    assert!(formatted.ends_with(b"\n"));
    let line = fmt::difference(data, &formatted);
    assert_eq!(line, fmt::first_difference(data), "both ways to ask find the same line");
}
