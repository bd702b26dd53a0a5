//! A whole output, at the last place before it is written: whatever a renderer forgot cannot move a cursor or give a
//! runner a command.

use std::borrow::Cow;

use super::letters::{Kept, Reader, written_out};
use super::runner;

/// Links of our own go to Caddy's documentation, and nowhere else.
const LINK: &str = "\x1b]8;;";
const TARGET: &str = "https://caddyserver.com/docs/";
const LINK_END: &str = "\x1b\\";

/// Lines for people without any colour.
pub fn plain(text: &str) -> Cow<'_, str> {
    runner::disarmed(written_out(text, Kept::Lines))
}

/// Lines for people, with colours and links of ours. What a renderer put between them must be safe already, since a
/// colour that somebody else chose looks the same.
pub fn styled(text: &str) -> Cow<'_, str> {
    if !text.contains('\x1b') {
        return plain(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut reader = Reader::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = style(rest).unwrap_or(0);
        if length > 0 {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        if reader.shows(c, rest, Kept::Lines) {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
        rest = &rest[c.len_utf8()..];
    }
    Cow::Owned(runner::disarmed(out.into()).into_owned())
}

/// How long the colour or the end or start of a link is that `text` begins with.
fn style(text: &str) -> Option<usize> {
    if let Some(codes) = text.strip_prefix("\x1b[") {
        let codes = codes.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        return codes.starts_with('m').then(|| text.len() - codes.len() + 1);
    }
    let target = text.strip_prefix(LINK)?;
    let end = target.find(LINK_END)?;
    let is_ours =
        |target: &str| target.starts_with(TARGET) && target.bytes().all(|byte| byte.is_ascii_graphic());
    (end == 0 || is_ours(&target[..end])).then_some(LINK.len() + end + LINK_END.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_and_links_of_ours_are_left() {
        let ours =
            "\x1b[1m\x1b[38;5;9merror\x1b[0m \x1b]8;;https://caddyserver.com/docs/x\x1b\\E1\x1b]8;;\x1b\\\n";
        assert_eq!(styled(ours), ours);
        assert_eq!(
            styled("\x1b[31ma\x1b[2K\x1b]0;t\x07\x1b[0m"),
            "\x1b[31ma\\u{1b}[2K\\u{1b}]0;t\\u{7}\x1b[0m"
        );
        assert_eq!(styled("\x1b]8;;https://evil/\x1b\\x"), "\\u{1b}]8;;https://evil/\\u{1b}\\x");
        assert_eq!(
            plain("\x1b[31ma\x1b[0m\n ::add-mask::\n"),
            "\\u{1b}[31ma\\u{1b}[0m\n \\u{3a}:add-mask::\n"
        );
    }
}
