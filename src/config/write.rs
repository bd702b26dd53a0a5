//! The JSON writer: the bytes that Go's encoder gives.
//!
//! Go escapes `<`, `>`, `&`, U+2028 and U+2029 in strings, writes control characters other than
//! `\b \f \n \r \t` as `\u00xx`, and formats a float in plain decimals unless it is below 1e-6 or at least 1e21.
//! `--pretty` is Go's `MarshalIndent` with a tab (measured on Caddy 2.11.7).

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};

/// `value` on one line, without a final line break.
pub fn compact<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    finish(&write(value, Style::Compact, &mut out));
    out
}

/// `value` indented with tabs, without a final line break.
pub fn pretty<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    finish(&write(value, Style::Pretty, &mut out));
    out
}

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// On one line.
    Compact,
    /// Indented with tabs.
    Pretty,
}

/// Bytes that go out at once.
const BUFFER: usize = 64 * 1024;

/// Writes `value` without a final line break, in large pieces. The only errors are those of `out`.
pub fn write<T: Serialize + ?Sized>(value: &T, style: Style, out: impl Write) -> io::Result<()> {
    let mut out = Buffer { bytes: Vec::with_capacity(BUFFER), out };
    match style {
        Style::Compact => value.serialize(&mut Serializer::with_formatter(&mut out, Compact))?,
        Style::Pretty => {
            let tabs = Pretty(PrettyFormatter::with_indent(b"\t"));
            value.serialize(&mut Serializer::with_formatter(&mut out, tabs))?;
        }
    }
    out.pass_on()
}

/// A buffer before a writer. JSON is written in pieces of a few bytes each, and `BufWriter` makes a call of each.
struct Buffer<W> {
    bytes: Vec<u8>,
    out: W,
}

impl<W: Write> Buffer<W> {
    fn pass_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }
}

impl<W: Write> Write for Buffer<W> {
    #[inline]
    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        if self.bytes.len() + piece.len() > BUFFER {
            self.pass_on()?;
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    #[inline]
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece).map(|()| piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()?;
        self.out.flush()
    }
}

/// Writing to memory cannot fail, and our types serialize without errors of their own.
fn finish(result: &io::Result<()>) {
    debug_assert!(result.is_ok(), "{result:?}");
}

/// A float as Go writes it.
pub fn go_float(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        // Go has a sign and at least one digit in the exponent: 1e+21, 1e-7.
        return match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
            _ => text,
        };
    }
    format!("{value}")
}

/// Writes a piece of a string, with Go's extra escapes.
fn write_fragment<W: ?Sized + Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    let bytes = fragment.as_bytes();
    // Nearly every piece has nothing to escape; the whole of it is looked at, since that takes no branches.
    if !bytes.iter().fold(false, |found, byte| found | matches!(byte, b'<' | b'>' | b'&' | 0xE2)) {
        return writer.write_all(bytes);
    }
    let mut from = 0;
    let mut at = 0;
    while at < bytes.len() {
        let (escape, width): (&[u8], usize) = match bytes[at] {
            b'<' => (b"\\u003c", 1),
            b'>' => (b"\\u003e", 1),
            b'&' => (b"\\u0026", 1),
            0xE2 if bytes[at..].starts_with(b"\xE2\x80\xA8") => (b"\\u2028", 3),
            0xE2 if bytes[at..].starts_with(b"\xE2\x80\xA9") => (b"\\u2029", 3),
            _ => {
                at += 1;
                continue;
            }
        };
        writer.write_all(&bytes[from..at])?;
        writer.write_all(escape)?;
        at += width;
        from = at;
    }
    writer.write_all(&bytes[from..])
}

struct Compact;

impl Formatter for Compact {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_fragment(writer, fragment)
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(go_float(value).as_bytes())
    }
}

struct Pretty(PrettyFormatter<'static>);

impl Formatter for Pretty {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_fragment(writer, fragment)
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(go_float(value).as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_go_writes_them() {
        for (value, text) in [
            (0.5, "0.5"),
            (100.0, "100"),
            (1e-7, "1e-7"),
            (1e-6, "0.000001"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (1e20, "100000000000000000000"),
            (-0.0, "-0"),
        ] {
            assert_eq!(go_float(value), text);
        }
    }

    #[test]
    fn strings_as_go_writes_them() {
        assert_eq!(
            compact("<a>&\u{2028}\u{2029}\u{7}\u{7f}é"),
            "\"\\u003ca\\u003e\\u0026\\u2028\\u2029\\u0007\u{7f}é\"".as_bytes()
        );
    }

    #[test]
    fn pretty_uses_tabs() {
        let value = serde_json::json!({"b": [1, {}], "a": []});
        assert_eq!(
            String::from_utf8(pretty(&value)).unwrap(),
            "{\n\t\"a\": [],\n\t\"b\": [\n\t\t1,\n\t\t{}\n\t]\n}"
        );
    }
}
