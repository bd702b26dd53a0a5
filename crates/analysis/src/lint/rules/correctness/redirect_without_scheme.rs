//! Redirects to a host without a scheme.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C062", "redirect-without-scheme"),
    severity: Severity::Warning,
    summary: "A redirect to `www.example.com`, which is a path without a scheme",
    page: "\
Without a scheme, the target is a path: a browser at `https://example.com/a` goes to `https://example.com/www.example.com/a`.

## Why

The next request is redirected in the same way, until the browser gives up.

## Wrong

```caddyfile
example.com {
	redir www.example.com{uri}
}
```

## Right

```caddyfile
example.com {
	redir https://www.example.com{uri}
}
```

## When it is fine

When the target is a file whose name looks like a host.

See https://caddyserver.com/docs/caddyfile/directives/redir
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.named("redir") {
        let Some(target) = directive.values().first() else { continue };
        let text = target.text.as_str();
        let (message, help) = if text.contains(' ') {
            let Some(code) =
                ["permanent", "temporary", "html"].iter().find(|code| text.ends_with(&format!(" {code}")))
            else {
                continue;
            };
            (format!("`{code}` is part of the target here"), "put only the target in quotes".to_owned())
        } else if ["http:/", "https:/"]
            .iter()
            .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.starts_with('/')))
        {
            ("the scheme needs two slashes".to_owned(), "write `https://`".to_owned())
        } else if is_host(text) {
            (
                "the target has no scheme, so it is a path of this site".to_owned(),
                "write `https://` before the host".to_owned(),
            )
        } else {
            continue;
        };
        let mut finding = RULE.finding(lint, target, message).help(help);
        if is_host(text) && lint.written(target) == text {
            finding = finding.edit(target.span, format!("https://{text}"), false);
        }
        found.push(finding);
    }
}

/// Whether a target begins with the name of a host: labels, and a last one of letters that is not the end of a file's name.
fn is_host(text: &str) -> bool {
    const FILES: &[&str] =
        &["css", "htm", "html", "jpg", "js", "json", "md", "pdf", "php", "png", "svg", "txt", "xml"];
    let end = text.find(['/', '{', '?', ':']).unwrap_or(text.len());
    let host = &text[..end];
    let Some((name, last)) = host.rsplit_once('.') else { return false };
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.split('.').all(is_label)
        && last.len() > 1
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !FILES.contains(&last.to_lowercase().as_str())
        && !text[end..].starts_with("://")
}
