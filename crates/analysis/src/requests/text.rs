//! Bytes of a request as text. Go's strings hold any bytes, and a path or a query may decode to bytes that are no UTF-8.
//! Each such byte is kept as one character of the last private plane, so that a text can be cut and compared as usual and
//! still be sent as the bytes that it was.

use std::borrow::Cow;

/// The character that stands for the byte 0 would be this one; only bytes from 0x80 need one.
const FIRST: u32 = 0x10_FF00;

/// The text of `bytes`.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| stand_in(*byte)));
    }
    text
}

/// The bytes of a text.
pub(super) fn bytes(text: &str) -> Cow<'_, [u8]> {
    if !text.contains(is_stand_in) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut out = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match byte_of(letter) {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(out)
}

/// How many bytes a text has.
pub(super) fn len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { bytes(text).len() }
}

/// The text as a report shows it: bytes that are no UTF-8 become the replacement character.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(is_stand_in) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(String::from_utf8_lossy(&bytes(text)).into_owned())
}

fn stand_in(byte: u8) -> char {
    char::from_u32(FIRST + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn is_stand_in(letter: char) -> bool {
    byte_of(letter).is_some()
}

fn byte_of(letter: char) -> Option<u8> {
    let number = u32::from(letter).checked_sub(FIRST)?;
    u8::try_from(number).ok().filter(|byte| *byte >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive() {
        for case in [&b"plain"[..], b"\xff\xfe", "é".as_bytes(), b"a\x80b\xc3"] {
            let text = of_bytes(case);
            assert_eq!(bytes(&text).as_ref(), case);
            assert_eq!(len(&text), case.len());
        }
        assert_eq!(shown(&of_bytes(b"a\xff")), "a\u{fffd}");
    }
}
