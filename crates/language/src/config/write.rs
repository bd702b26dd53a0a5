//! The JSON writer: the bytes that Go's encoder gives.
//!
//! Go escapes `<`, `>`, `&`, U+2028 and U+2029 in strings, writes control characters other than
//! `\b \f \n \r \t` as `\u00xx`, and formats a float in plain decimals unless it is below 1e-6 or at least 1e21.
//! `--pretty` is Go's `MarshalIndent` with a tab (measured on Caddy 2.11.7).

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::forms::{Failure, other_forms};

mod float;
mod text;

pub(crate) use float::go_float;

/// `value` on one line, without a final line break.
pub(crate) fn compact<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    in_memory(value, Style::Compact)
}

/// `value` indented with tabs, without a final line break.
pub(crate) fn pretty<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    in_memory(value, Style::Pretty)
}

fn in_memory<T: Serialize + ?Sized>(value: &T, style: Style) -> Vec<u8> {
    let mut json = Json::new(style, None);
    let written = value.serialize(&mut json);
    // Writing to memory cannot fail, and our types serialize without errors of their own.
    debug_assert!(written.is_ok(), "{written:?}");
    json.bytes
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

/// Room for the first of them.
const SMALL: usize = 512;

/// Writes `value` without a final line break, in large pieces. The only errors are those of `out`.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T, style: Style, mut out: impl Write) -> io::Result<()> {
    let mut json = Json::new(style, Some(&mut out));
    value.serialize(&mut json)?;
    Ok(json.pass_on()?)
}

/// JSON that is being written.
struct Json<'o> {
    bytes: Vec<u8>,
    /// Where the bytes go from time to time; nowhere before the end, if there is none.
    out: Option<&'o mut dyn Write>,
    style: Style,
    /// How many objects and lists are open.
    depth: usize,
}

impl<'o> Json<'o> {
    fn new(style: Style, out: Option<&'o mut dyn Write>) -> Self {
        // Most documents that go out are small, and a large buffer takes several pages of memory at once.
        let room = if out.is_some() { SMALL } else { BUFFER };
        Self { bytes: Vec::with_capacity(room), out, style, depth: 0 }
    }

    /// Gives out what has been written so far.
    fn pass_on(&mut self) -> Result<(), Failure> {
        if let Some(out) = &mut self.out {
            out.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    /// Gives out what has been written so far, once it is much.
    fn pass_on_much(&mut self) -> Result<(), Failure> {
        if self.bytes.len() >= BUFFER { self.pass_on() } else { Ok(()) }
    }

    fn put(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    fn line(&mut self) {
        self.bytes.push(b'\n');
        self.bytes.extend(std::iter::repeat_n(b'\t', self.depth));
    }

    fn open(&mut self, bracket: u8) -> Compound<'_, 'o> {
        self.bytes.push(bracket);
        self.depth += 1;
        Compound { json: self, is_empty: true }
    }
}

impl<'j, 'o> Serializer for &'j mut Json<'o> {
    type Ok = ();
    type Error = Failure;
    type SerializeSeq = Compound<'j, 'o>;
    type SerializeMap = Compound<'j, 'o>;
    type SerializeStruct = Compound<'j, 'o>;
    other_forms!();

    fn serialize_bool(self, value: bool) -> Result<(), Failure> {
        self.put(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Failure> {
        Ok(write!(self.bytes, "{value}")?)
    }

    fn serialize_u64(self, value: u64) -> Result<(), Failure> {
        Ok(write!(self.bytes, "{value}")?)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Failure> {
        let text = if value.is_finite() { go_float(value) } else { "null".to_owned() };
        self.put(text.as_bytes());
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Failure> {
        self.text(value);
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Failure> {
        self.put(b"null");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'j, 'o>, Failure> {
        Ok(self.open(b'['))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'j, 'o>, Failure> {
        Ok(self.open(b'{'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound<'j, 'o>, Failure> {
        Ok(self.open(b'{'))
    }
}

/// An object or a list that is being written.
struct Compound<'j, 'o> {
    json: &'j mut Json<'o>,
    is_empty: bool,
}

impl Compound<'_, '_> {
    /// Begins the next element.
    fn next(&mut self) -> Result<(), Failure> {
        if !self.is_empty {
            self.json.bytes.push(b',');
        }
        self.is_empty = false;
        if self.json.style == Style::Pretty {
            self.json.line();
        }
        self.json.pass_on_much()
    }

    fn name(&mut self, name: &str) -> Result<(), Failure> {
        self.next()?;
        self.json.text(name);
        self.json.put(if self.json.style == Style::Pretty { b": " } else { b":" });
        Ok(())
    }

    fn close(self, bracket: u8) -> Result<(), Failure> {
        self.json.depth -= 1;
        if self.json.style == Style::Pretty && !self.is_empty {
            self.json.line();
        }
        self.json.bytes.push(bracket);
        self.json.pass_on_much()
    }
}

impl SerializeSeq for Compound<'_, '_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.next()?;
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Result<(), Failure> {
        self.close(b']')
    }
}

impl SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        self.next()?;
        key.serialize(&mut *self.json)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.json.put(if self.json.style == Style::Pretty { b": " } else { b":" });
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Result<(), Failure> {
        self.close(b'}')
    }
}

impl SerializeStruct for Compound<'_, '_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        self.name(name)?;
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Result<(), Failure> {
        self.close(b'}')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
