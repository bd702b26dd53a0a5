//! Templates of other programs (Jinja, Go, Mustache, Helm), which Caddy's layout would tear apart.

use caddyctl_language::source::{FileId, Sources};
use caddyctl_language::syntax::lex;

/// The first line with `{{` or `{%` outside of quotes; what is in quotes stays as it is.
pub fn line(text: &[u8]) -> Option<usize> {
    let mut sources = Sources::new();
    sources.add_as_written("", &String::from_utf8_lossy(text));
    let words = lex(&sources, FileId::default()).0;
    let is_template = |text: &str| text.contains("{{") || text.contains("{%");
    let word = words.iter().find(|word| !word.is_quoted() && is_template(&word.text))?;
    Some(sources.position(word.span).line)
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn templates() {
        for (text, expected) in [
            ("a.example {\n\trespond {host}\n}\n", None),
            ("a.example {\n\trespond \"{{.Name}} {% x %}\"\n\trespond `{{ x }}`\n}\n", None),
            ("{{ host }} {\n}\n", Some(1)),
            ("a.example {\n\treverse_proxy {{upstream}}:80\n}\n", Some(2)),
            ("{% for site in sites %}\n{% endfor %}\n", Some(1)),
            ("a\n{{- if .x }}\n", Some(2)),
            ("", None),
        ] {
            assert_eq!(line(text.as_bytes()), expected, "{text:?}");
        }
    }
}
