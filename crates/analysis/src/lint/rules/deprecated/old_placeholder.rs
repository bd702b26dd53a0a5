//! Placeholders of Caddy 1.

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("D006", "old-placeholder"),
    severity: Severity::Warning,
    summary: "`{>Field}` and other placeholders of Caddy 1, which Caddy 2 does not replace",
    page: "\
In Caddy 1, `{>Field}` was a header field of the request, `{<Field}` a field of the response, `{~name}` a cookie and
`{?name}` a query parameter. Caddy 2 has other names for them and does not replace these.

## Why

Caddy passes the text on unchanged, or replaces it with nothing.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up X-Real-IP {>CF-Connecting-IP}
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up X-Real-IP {header.CF-Connecting-IP}
	}
}
```

## When it is fine

When you mean the text itself.

See https://caddyserver.com/docs/caddyfile/concepts#placeholders
",
    check: Check::Each(check),
};

/// The sign of an old placeholder, and the beginning of the new one.
const OLD: &[(char, &str)] =
    &[('>', "header."), ('<', "http.response.header."), ('~', "cookie."), ('?', "query.")];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for word in lint.walk().flat_map(words) {
        let Some((old, new)) = first(&word.text) else { continue };
        let mut finding = RULE
            .finding(lint, word, format!("`{old}` is a placeholder of Caddy 1, and is not replaced"))
            .help(format!("write `{new}`"));
        if lint.written(word) == word.text {
            // The JSON changes: from then on the value is filled in.
            finding = finding.edit(word.span, word.text.replace(&old, &new), false);
        }
        found.push(finding);
    }
}

fn words<'a>(directive: &Directive<'a>) -> impl Iterator<Item = &'a Word> {
    std::iter::once(directive.name).chain(directive.args)
}

/// The first old placeholder of a text, and what it is called now.
fn first(text: &str) -> Option<(String, String)> {
    text.match_indices('{').find_map(|(at, _)| {
        let inner = &text[at + 1..];
        let (_, begin) = OLD.iter().find(|(sign, _)| inner.starts_with(*sign))?;
        // A word may have thousands of braces: only the name behind each is looked at.
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let name = &inner[1..][..inner[1..].bytes().position(|byte| !is_name(byte))?];
        let is_whole = !name.is_empty() && inner[1 + name.len()..].starts_with('}');
        is_whole.then(|| (text[at..at + name.len() + 3].to_owned(), format!("{{{begin}{name}}}")))
    })
}
