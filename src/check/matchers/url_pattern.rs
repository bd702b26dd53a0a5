//! The `url_pattern` matcher.

use crate::check::checker::Checker;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let pattern = node.at("pattern");
    if let Some(why) = fault(pattern.text()) {
        checker.refuse(&pattern, format!("the URL pattern is not valid: {why}"), "such as `/books/:id`");
    }
}

/// Why a text is no URL pattern, in words.
pub(in crate::check) fn fault(pattern: &str) -> Option<String> {
    let mut depth = 0_u32;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => {
                return Some("the backslash at its end escapes nothing".to_owned());
            }
            '{' if depth > 0 => return Some("a group `{…}` stands inside another".to_owned()),
            '{' => depth += 1,
            '}' if depth == 0 => return Some("`}` closes nothing".to_owned()),
            '}' => depth -= 1,
            _ => {}
        }
    }
    (depth > 0).then(|| "the group `{` is never closed".to_owned())
}
