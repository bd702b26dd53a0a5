//! A header that browsers have given up.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("D005", "obsolete-xss-protection"),
    severity: Severity::Note,
    summary: "`X-XSS-Protection` turned on",
    page: "\
No browser of today has the filter that `X-XSS-Protection` turned on.

## Why

The filter could be used to attack a page, and so was taken out of all browsers. In those that still have it, `0` is
the safer value; a Content-Security-Policy does what it was for.

## Wrong

```caddyfile
example.com {
	header X-XSS-Protection \"1; mode=block\"
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header Content-Security-Policy \"default-src 'self'\"
	respond \"hello\"
}
```

## When it is fine

When an audit asks for the field.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for field in &lint.fields {
        let Some(value) = field.value().filter(|_| field.is("X-XSS-Protection")) else { continue };
        if value.text.trim() == "0" {
            continue;
        }
        let mut finding = RULE
            .finding(lint, field.word, "no browser of today heeds `X-XSS-Protection`")
            .help("delete the line; a `Content-Security-Policy` does what it was for");
        if lint.written(value).trim_matches('"') == value.text {
            finding = finding.edit(value.span, "0", false);
        }
        found.push(finding);
    }
}
