//! Text for XML, HTML and SARIF.

use super::line;

/// A name or a message in XML or HTML: in text, or in an attribute between `"`. What cannot be seen is
/// written out, which covers the control characters that XML does not have.
pub fn escaped(text: &str) -> String {
    signs(&line(text))
}

/// As [`escaped`], also for an attribute between `'`.
pub fn html(text: &str) -> String {
    escaped(text).replace('\'', "&#39;")
}

/// Several lines in an element, each made of texts that were shown with [`line`].
pub fn escaped_lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}

fn signs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// A message of SARIF. Its plain text may hold links, `[text](address)`; a backslash makes a bracket one of the text
/// (SARIF 2.1.0, "Messages with embedded links").
pub fn sarif(text: &str) -> String {
    line(text).replace("](", "\\](")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(
            escaped("<a b=\"c\" d='e'>&\u{0}\n]]>"),
            "&lt;a b=&quot;c&quot; d='e'&gt;&amp;\\u{0}\\n]]&gt;"
        );
        assert_eq!(escaped_lines("a\nb\r"), "a\nb\\r");
        assert_eq!(sarif("[a](https://b)\n"), "[a\\](https://b)\\n");
    }
}
