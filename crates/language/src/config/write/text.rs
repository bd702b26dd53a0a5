//! Texts, with Go's escapes.

use super::Json;

impl Json<'_> {
    pub(super) fn text(&mut self, text: &str) {
        self.bytes.push(b'"');
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| MARKED[usize::from(*byte)]) {
            let (plain, marked) = rest.split_at(at);
            self.put(plain);
            let width = self.escape(marked);
            rest = &marked[width..];
        }
        self.put(rest);
        self.bytes.push(b'"');
    }

    /// Writes the character that `marked` begins with, and says how many bytes of it these are.
    fn escape(&mut self, marked: &[u8]) -> usize {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let piece: &[u8] = match marked[0] {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0x08 => b"\\b",
            0x0C => b"\\f",
            0xE2 if marked.starts_with("\u{2028}".as_bytes()) => b"\\u2028",
            0xE2 if marked.starts_with("\u{2029}".as_bytes()) => b"\\u2029",
            0xE2 => &marked[..1],
            byte => &[b'\\', b'u', b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]],
        };
        self.put(piece);
        if piece.ends_with(b"\\u2028") || piece.ends_with(b"\\u2029") { 3 } else { 1 }
    }
}

/// The bytes that [`Json::escape`] is for.
const MARKED: [bool; 256] = {
    let mut marked = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        marked[byte] = true;
        byte += 1;
    }
    let others = b"\"\\<>&\xE2";
    let mut at = 0;
    while at < others.len() {
        marked[others[at] as usize] = true;
        at += 1;
    }
    marked
};
