//! Text for Markdown as GitHub and GitLab render it (GitHub Flavored Markdown, `cmark-gfm`; GitLab's flavour).
//!
//! Their renderers look for more than Markdown in what is not code: mentions, links, numbers of issues, digests of commits,
//! emoji between colons, formulas. No escape stops that, since they look at the text that Markdown has made; only code
//! is left alone. So a word that might be one of these is shown as code, also in the middle of a sentence.

use std::borrow::Cow;

use super::letters::{Kept, written_out};
use super::{line, markup};

/// The shortest digest of a commit that becomes a link, in hexadecimal digits.
const SHORTEST_DIGEST: usize = 7;

/// `text` as code, outside of a table.
pub fn code(text: &str) -> String {
    span(&line(text))
}

/// `text` as code in a cell of a table, in which a `|` needs a `\` even in code.
pub fn cell_code(text: &str) -> String {
    span(&line(text).replace('|', "\\|"))
}

/// A sentence in a cell of a table or in a heading.
pub fn prose(text: &str) -> String {
    let text = line(text);
    let words = text.split(' ').map(|word| if is_plain(word) { escaped(word) } else { code_word(word) });
    words.collect::<Vec<_>>().join(" ")
}

/// Code in a line of HTML, such as `<summary>`, in which Markdown means nothing.
pub fn html_code(text: &str) -> String {
    format!("<code>{}</code>", markup::escaped(text))
}

/// A block of code in the language `info`, without a line break at its end. What is hidden in it is written out.
pub fn block(info: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text = written_out(&text, Kept::Lines);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{info}\n{text}{end}{fence}")
}

/// A code span of `CommonMark`: a fence that `text` does not have, and a space on either side where one would be lost or
/// a backtick would lengthen the fence.
fn span(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(text) + 1);
    let is_stripped = text.starts_with(' ') && text.ends_with(' ') && text.contains(|c| c != ' ');
    let pad = if text.contains('`') || is_stripped { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// How many backticks stand together in `text` at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A word as code, without the punctuation around it.
fn code_word(word: &str) -> String {
    let inner = word.trim_start_matches('(');
    let mut code = inner;
    while let Some((shorter, last)) = code.char_indices().next_back().map(|(at, last)| (&code[..at], last)) {
        let is_around = matches!(last, ',' | ';' | ':' | '.') || last == ')' && !shorter.contains('(');
        if !is_around || is_plain(shorter) {
            break;
        }
        code = shorter;
    }
    format!("{}{}{}", &word[..word.len() - inner.len()], cell_code(code), &inner[code.len()..])
}

/// A word with Markdown's own signs made plain.
fn escaped(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// Whether a word is nothing that a renderer makes something of once Markdown's own signs are escaped.
fn is_plain(word: &str) -> bool {
    let lower: Cow<str> = if word.bytes().any(|b| b.is_ascii_uppercase()) {
        word.to_ascii_lowercase().into()
    } else {
        word.into()
    };
    let bytes = lower.as_bytes();
    !(word.contains(['@', '$'])
        || ["://", "www.", "ghsa-", "gh-", "mailto:", "xmpp:"].iter().any(|sign| lower.contains(sign))
        || ["{+", "+}", "{-", "-}", "[+", "+]", "[-", "-]"].iter().any(|sign| word.contains(sign))
        || bytes.windows(2).any(is_reference)
        || word.as_bytes().windows(3).any(is_ticket)
        || has_digest(&lower)
        || has_emoji(&lower))
}

/// `#1`, GitLab's `!1`, `%1`, `&1`, `~label`, `^alert` and `[kind:1]`, also with quotes.
fn is_reference(pair: &[u8]) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'"' || byte >= 0x80;
    match pair[0] {
        b'#' | b'!' | b'%' | b'&' | b'~' => is_name(pair[1]),
        b'[' | b'^' => pair[1].is_ascii_alphabetic() || matches!(pair[1], b'[' | b'_'),
        _ => false,
    }
}

/// `ABC-1`, the number of an issue elsewhere.
fn is_ticket(three: &[u8]) -> bool {
    three[0].is_ascii_uppercase() && three[1] == b'-' && three[2].is_ascii_digit()
}

/// A word of hexadecimal digits that may be the digest of a commit.
fn has_digest(lower: &str) -> bool {
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    words.filter(|word| word.len() >= SHORTEST_DIGEST).any(|word| word.bytes().all(is_digit))
}

/// `:name:`.
fn has_emoji(lower: &str) -> bool {
    let mut parts = lower.split(':');
    let _ = parts.next();
    let named = parts.clone().count().saturating_sub(1);
    let is_name = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'_'))
    };
    parts.take(named).any(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_fenced_by_more_backticks_than_it_has() {
        for (text, shown) in [
            ("a", "`a`"),
            ("a`b", "`` a`b ``"),
            ("x``[a](https://b)``y", "``` x``[a](https://b)``y ```"),
            ("` ", "`` `  ``"),
            (" a ", "`  a  `"),
            ("  ", "`  `"),
            ("", ""),
            ("a\nb", "`a\\nb`"),
            ("a|b", "`a|b`"),
        ] {
            assert_eq!(code(text), shown);
        }
        assert_eq!(cell_code("a|`b"), "`` a\\|`b ``");
    }

    #[test]
    fn words_that_renderers_look_for_are_code() {
        for text in [
            "@octocat",
            "https://evil.example/",
            "www.evil.example",
            "a@b.example",
            "#12",
            "owner/repo#12",
            "GH-12",
            "gh-12",
            "JIRA-12",
            "deadbeef",
            "1234567",
            ":smile:",
            ":+1:",
            "$x$",
            "!12",
            "~bug",
            "%12",
            "&12",
            "[vulnerability:12]",
            "GHSA-aaaa-bbbb-cccc",
            "xmpp:x",
        ] {
            assert_eq!(prose(&format!("a {text}, b")), format!("a `{text}`, b"), "{text}");
        }
        assert_eq!(prose("(@a|b)"), "(`@a\\|b`)");
        assert_eq!(prose("a:b: c"), "`a:b:` c");
    }

    #[test]
    fn sentences_stay_sentences() {
        for (text, shown) in [
            ("stt.fullen.dev * (no stream_close_delay)", "stt.fullen.dev \\* (no stream\\_close\\_delay)"),
            ("example.com:443, 50 % of 1000000", "example.com:443, 50 % of `1000000`"),
            ("X-Frame-Options: set to DENY", "X-Frame-Options: set to DENY"),
            ("<b>**a** [x](y) `c` a|b", "&lt;b&gt;\\*\\*a\\*\\* `[x](y)` \\`c\\` a\\|b"),
        ] {
            assert_eq!(prose(text), shown);
        }
    }

    #[test]
    fn blocks_are_closed_by_nothing_in_them() {
        assert_eq!(block("diff", "a\n```\nb"), "````diff\na\n```\nb\n````");
        assert_eq!(block("", "a\r\n\u{1b}\n"), "```\na\n\\u{1b}\n```");
    }
}
