//! Text for XML, HTML and SARIF.

use super::line;

/// A name or a message in XML or HTML: in text, or in an attribute. What cannot be seen is written out, which covers the
/// control characters that XML does not have.
pub fn escaped(text: &str) -> String {
    references(&line(text))
}

/// Several lines in an element, each made of texts that were shown with [`line()`].
pub(crate) fn escaped_lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}

/// `text` with a reference for each sign that XML or HTML gives a meaning to: those that Go's `html.EscapeString` writes.
pub(crate) fn references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A message of SARIF. Its plain text may hold links, `[text](address)`; a backslash makes a bracket one of the text
/// (SARIF 2.1.0, "Messages with embedded links").
pub(crate) fn sarif(text: &str) -> String {
    line(text).replace("](", "\\](")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(
            escaped("<a b=\"c\" d='e'>&\u{0}\n]]>"),
            "&lt;a b=&#34;c&#34; d=&#39;e&#39;&gt;&amp;\\u{0}\\n]]&gt;"
        );
        assert_eq!(escaped_lines("a\nb\r"), "a\nb\\r");
        assert_eq!(sarif("[a](https://b)\n"), "[a\\](https://b)\\n");
    }
}
