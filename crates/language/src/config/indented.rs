//! JSON on several lines. The indentation has a limit, since that of each level would make the text grow with the square of the
//! levels: 24,000 of them, which 66 kB of a Caddyfile can have, would take more than a gigabyte.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Levels below this one are indented as this one is. Caddy's own configurations have some 20 levels.
pub const DEEPEST: usize = 64;

/// What a level is indented with.
const INDENT: &[u8] = b"  ";

/// `value` with a line for each of its members, and a line break at the end.
pub fn indented<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut out, Indented::default()));
    // Writing to memory cannot fail, and what is written here has texts as keys.
    debug_assert!(written.is_ok(), "{written:?}");
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

/// The layout of `serde_json`'s own pretty form, with a limit.
#[derive(Default)]
struct Indented {
    depth: usize,
    /// Whether the list or object that ends has a member.
    has_member: bool,
}

impl Indented {
    fn line<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth.min(DEEPEST)).try_for_each(|_| out.write_all(INDENT))
    }

    fn open<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_member = false;
        out.write_all(bracket)
    }

    fn close<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_member {
            self.line(out)?;
        }
        out.write_all(bracket)
    }

    fn member<W: Write + ?Sized>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        if !is_first {
            out.write_all(b",")?;
        }
        self.line(out)
    }
}

impl Formatter for Indented {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_member = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_member = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn shallow_json_is_what_serde_json_makes_of_it() {
        let value = json!({"a": [], "b": {}, "c": [1, {"d": "e\n", "f": [[], [2]]}], "g": null});
        assert_eq!(indented(&value), serde_json::to_string_pretty(&value).unwrap() + "\n");
    }

    #[test]
    fn deep_json_grows_with_its_levels() {
        let nested = |levels: usize| (0..levels).fold(json!([1, 2]), |inside, _| json!({ "a": inside }));
        assert!(indented(&nested(2_000)).len() < 2_100 * (2 * DEEPEST * INDENT.len() + 10));
        let value = nested(DEEPEST + 10);
        assert_eq!(serde_json::from_str::<Value>(&indented(&value)).unwrap(), value);
    }
}
