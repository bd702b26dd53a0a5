//! Templates of other programs (Jinja, Go, Mustache, Helm, Terraform, ERB), which Caddy's layout would tear apart.

use caddyctl_language::source::{FileId, Sources};
use caddyctl_language::syntax::lex;

/// How a template's own marks begin.
const MARKS: &[&str] = &["{{", "{%", "{#", "%{", "<%"];

/// The first line with such a mark outside of quotes; what is in quotes stays as it is.
pub fn line(text: &[u8]) -> Option<usize> {
    let mut sources = Sources::new();
    sources.add_as_written("", &String::from_utf8_lossy(text));
    let words = lex(&sources, FileId::default()).0;
    let is_template = |text: &str| MARKS.iter().any(|mark| text.contains(mark));
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
            ("a {\n\trespond x\n}\n%{ for s in sites ~}\nb {\n}\n%{ endfor ~}\n", Some(4)),
            ("<%= host %> {\n}\n", Some(1)),
            ("{# a comment #}\na {\n}\n", Some(1)),
            ("", None),
        ] {
            assert_eq!(line(text.as_bytes()), expected, "{text:?}");
        }
    }
}
