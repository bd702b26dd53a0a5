//! The standard layout of a Caddyfile: what `caddy fmt` makes of a text.
//!
//! The formatter owns the white space and the braces that open and close blocks. Words, comments, quoted text and
//! heredocs pass through as they are. It reads the text once, character by character, and never parses: it has no
//! notion of a directive, so it also lays out text that does not compile.
//!
//! Every rule was measured on Caddy 2.11.7 and is kept byte for byte, odd ones included, because two tools that format
//! one file must agree. The rules stand where they are applied:
//!
//! - `formatter`: what each character means where it stands (words and comments; below it `quote`,
//!   `heredoc` and `brace`)
//! - `page`: lines, indentation and the text written so far
//! - `import_line`: the one place where the first word of a line matters

use std::borrow::Cow;

use crate::version::Version;

mod formatter;
mod import_line;
mod page;

/// The text in standard layout, as `caddy fmt -` prints it (measured on Caddy 2.11.7).
///
/// Any bytes are accepted. Each byte that is not part of valid UTF-8 becomes U+FFFD. White space around the text is
/// dropped, and the result always ends with exactly one newline; for an empty text it is just that newline.
///
/// The time taken and the memory used grow linearly with the input, however long its lines.
pub fn format(input: &[u8]) -> Vec<u8> {
    format_for(Version::DEFAULT, input)
}

/// The same as [`format()`], as this version of Caddy prints it.
pub fn format_for(version: Version, input: &[u8]) -> Vec<u8> {
    let text = decode(input);
    formatter::Formatter::lay_out(text.trim(), version).into_bytes()
}

/// The line, counted from 1, on which Caddy places its warning "Caddyfile input is not formatted", or `None` when the
/// text is formatted.
///
/// It is the line of the first byte that [`format()`] would change. Windows line ends count as plain newlines here, so
/// a text that differs from its standard layout in nothing else is formatted (measured on Caddy 2.11.7).
pub fn first_difference(input: &[u8]) -> Option<usize> {
    first_difference_for(Version::DEFAULT, input)
}

/// The same as [`first_difference`], as this version of Caddy says it.
pub fn first_difference_for(version: Version, input: &[u8]) -> Option<usize> {
    let text = with_plain_newlines(input);
    line_of_difference(&text, &format_for(version, &text))
}

/// The same, where `formatted` is what [`format_for`] makes of `input`: spares laying it out again.
pub fn difference(input: &[u8], formatted: &[u8]) -> Option<usize> {
    difference_for(Version::DEFAULT, input, formatted)
}

/// The same as [`difference`], as this version of Caddy says it.
pub fn difference_for(version: Version, input: &[u8], formatted: &[u8]) -> Option<usize> {
    match with_plain_newlines(input) {
        Cow::Borrowed(text) => line_of_difference(text, formatted),
        Cow::Owned(text) => line_of_difference(&text, &format_for(version, &text)),
    }
}

fn line_of_difference(text: &[u8], formatted: &[u8]) -> Option<usize> {
    if text == formatted {
        return None;
    }
    let same = text.iter().zip(formatted).take_while(|(before, after)| before == after);
    Some(1 + same.filter(|(byte, _)| **byte == b'\n').count())
}

/// The input as text, with one U+FFFD for each stray byte. The standard library's lossy conversion would write one for
/// a whole cut-off sequence.
fn decode(input: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(input) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(input.len());
    for chunk in input.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Cow::Owned(text)
}

/// The input with each `\r\n` turned into `\n`. A carriage return elsewhere stays.
fn with_plain_newlines(input: &[u8]) -> Cow<'_, [u8]> {
    if !input.contains(&b'\r') {
        return Cow::Borrowed(input);
    }
    let mut rest = input.iter().copied().peekable();
    let mut plain = Vec::with_capacity(input.len());
    while let Some(byte) = rest.next() {
        if byte != b'\r' || rest.peek() != Some(&b'\n') {
            plain.push(byte);
        }
    }
    Cow::Owned(plain)
}
