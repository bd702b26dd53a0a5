//! Text as it may be shown: what a reader sees is what is there. Names, messages and lines of files come from others;
//! each kind of output has a function here that makes them safe for it, and every renderer uses these.
//!
//! - A character that cannot be seen, moves the cursor or turns the direction of writing is shown as `\u{1b}`, the way
//!   Rust writes it (see `letters`). A line break in a name is shown as `\n`. Where columns count, in the excerpts of a
//!   fault, one sign stands for it (see `Excerpt`).
//! - What the runners of CI systems obey as a command (see [`runner`]) is shown with its first character written as
//!   `\u{3a}` or `\u{23}`: it can be read, and is no command.
//! - What Markdown, HTML and XML give a meaning to is escaped as each of them wants it.
//!
//! In reports as JSON the same characters are escapes of JSON (see [`json`]): programs get the strings as they are. What `adapt`
//! and `fmt` print is byte for byte what Caddy prints.

mod broken;
mod excerpt;
mod json;
pub(crate) mod letters;
pub mod markdown;
pub mod markup;
pub mod page;
pub mod runner;

use std::borrow::Cow;
use std::path::Path;

pub use broken::broken;
pub(crate) use excerpt::Excerpt;
pub use json::json;
use letters::Kept;

/// A name or a message on one line: everything hidden is written out, line breaks and tabs too.
pub fn line(text: &str) -> Cow<'_, str> {
    runner::without_marks(letters::written_out(text, Kept::Nothing))
}

/// A line of a file: as [`line()`], and tabs stay.
pub fn source_line(text: &str) -> Cow<'_, str> {
    runner::without_marks(letters::written_out(text, Kept::Tabs))
}

/// A line of a file that need not be UTF-8: a byte that is no part of a character is written as `\xff`.
pub fn source_bytes(line: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(line) {
        return source_line(text);
    }
    let mut out = String::with_capacity(line.len() + 16);
    for chunk in line.utf8_chunks() {
        out.push_str(&letters::written_out(chunk.valid(), Kept::Tabs));
        out.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    runner::without_marks(out.into())
}

/// A unified diff. Carriage returns are left out where all lines have one: they are how the file ends its lines.
pub fn unified(diff: &str) -> String {
    let is_content = |line: &str| {
        line.starts_with(['+', '-', ' ']) && !line.starts_with("+++ ") && !line.starts_with("--- ")
    };
    let lines = diff.split_terminator('\n');
    let is_windows = lines.clone().filter(|line| is_content(line)).all(|line| line.ends_with('\r'));
    lines.fold(String::with_capacity(diff.len()), |mut out, line| {
        let line = if is_windows { line.trim_end_matches('\r') } else { line };
        out.push_str(&source_line(line));
        out.push('\n');
        out
    })
}

/// A path on one line.
pub fn path(path: impl AsRef<Path>) -> String {
    line(&path.as_ref().to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_on_their_line() {
        assert_eq!(line("sites/a.caddyfile"), "sites/a.caddyfile");
        assert_eq!(line("a\n::add-mask::b\tc"), "a\\n::add-mask::b\\tc");
        assert_eq!(source_line("\trespond \"a\r\u{1b}[2K\""), "\trespond \"a\\r\\u{1b}[2K\"");
        assert_eq!(source_bytes(b"a\xff\x9bb\xc2\x9b"), "a\\xff\\x9bb\\u{9b}");
        assert_eq!(path("a\nb"), "a\\nb");
    }
}
