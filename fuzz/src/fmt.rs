//! The layout of a Caddyfile. Caddy's own formatter, whose bytes ours has, changes the meaning of some odd texts. Of a
//! plain one it does not: laid out twice it is as laid out once, and it means what it meant.

use caddyctl_language::syntax::fmt;

use super::case::Case;

/// Lays a text out.
pub fn run(data: &[u8]) {
    let case = Case::of(data);
    let formatted = fmt::format(case.text);
    assert!(std::str::from_utf8(&formatted).is_ok());
    assert!(formatted.ends_with(b"\n"));
    let line = fmt::difference(case.text, &formatted);
    assert_eq!(line, fmt::first_difference(case.text), "both ways to ask find the same line");
    if !std::str::from_utf8(case.text).is_ok_and(is_plain) {
        return;
    }
    assert!(fmt::format(&formatted) == formatted, "laid out twice it is another text");
    if let Some(json) = case.compile().json() {
        assert!(case.compile_text(&formatted).json() == Some(json), "the layout changes the meaning");
    }
}

/// Whether braces end a line or have one to themselves, no word is quoted, and nothing is imported.
fn is_plain(text: &str) -> bool {
    text.lines().all(|line| {
        let mut words: Vec<&str> = line.split_ascii_whitespace().collect();
        match words.as_slice() {
            [] | ["}"] => return true,
            ["import", ..] => return false,
            [_, .., "{"] => drop(words.pop()),
            _ => {}
        }
        let is_odd = |c: char| matches!(c, '{' | '}' | '"' | '`' | '\\' | '<' | '#') || c.is_control();
        words.iter().all(|word| !word.contains(is_odd)) && !line.contains('\r')
    })
}
