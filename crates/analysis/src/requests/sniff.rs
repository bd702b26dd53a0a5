//! The media type of a body by its first bytes, as the WHATWG's standard on MIME sniffing has it and Go's server applies it.

/// So many bytes are looked at.
const LOOKED_AT: usize = 512;

/// Beginnings of HTML, each of which a space or `>` must follow.
const TAGS: [&str; 17] = [
    "<!DOCTYPE HTML",
    "<HTML",
    "<HEAD",
    "<SCRIPT",
    "<IFRAME",
    "<H1",
    "<DIV",
    "<FONT",
    "<TABLE",
    "<A",
    "<STYLE",
    "<TITLE",
    "<B",
    "<BODY",
    "<BR",
    "<P",
    "<!--",
];

/// Beginnings of files, and their types.
const MAGIC: [(&[u8], &str); 21] = [
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xFE\xFF", "text/plain; charset=utf-16be"),
    (b"\xFF\xFE", "text/plain; charset=utf-16le"),
    (b"\xEF\xBB\xBF", "text/plain; charset=utf-8"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\x00\x00\x02\x00", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x89PNG\x0D\x0A\x1A\x0A", "image/png"),
    (b"\xFF\xD8\xFF", "image/jpeg"),
    (b"ID3", "audio/mpeg"),
    (b"OggS\x00", "application/ogg"),
    (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b"\x1A\x45\xDF\xA3", "video/webm"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x1F\x8B\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x00asm", "application/wasm"),
];

/// The media type of `body` after it is compressed with `encoding`, whose bytes are not computed: of these only the beginning
/// counts. An empty `encoding` leaves the body as it is.
pub(super) fn media_type_of(body: &[u8], encoding: &str) -> &'static str {
    match encoding {
        "" => media_type(body),
        "gzip" => "application/x-gzip",
        _ => "application/octet-stream",
    }
}

/// The media type of `body`.
pub(super) fn media_type(body: &[u8]) -> &'static str {
    let body = &body[..body.len().min(LOOKED_AT)];
    let blank = |byte: &u8| matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ');
    let start = body.iter().position(|byte| !blank(byte)).unwrap_or(body.len());
    let text = &body[start..];
    let is_tag = |tag: &str| {
        text.get(..tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag.as_bytes()))
            && (tag == "<!--" || matches!(text.get(tag.len()), Some(b' ' | b'>')))
    };
    if TAGS.iter().any(|tag| is_tag(tag)) {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| body.starts_with(magic)) {
        return kind;
    }
    if body.starts_with(b"RIFF") && body.get(8..14) == Some(b"WEBPVP") {
        return "image/webp";
    }
    let binary = |byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    if text.iter().any(binary) { "application/octet-stream" } else { "text/plain; charset=utf-8" }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn types() {
        assert_eq!(media_type(b" <html>x"), "text/html; charset=utf-8");
        assert_eq!(media_type(b"<htmlx"), "text/plain; charset=utf-8");
        assert_eq!(media_type(b"{\"a\":1}"), "text/plain; charset=utf-8");
        assert_eq!(media_type(b"a\x00"), "application/octet-stream");
        assert_eq!(media_type(b"<!-- x"), "text/html; charset=utf-8");
    }
}
