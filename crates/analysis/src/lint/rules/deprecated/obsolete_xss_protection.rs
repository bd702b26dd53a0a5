//! A header that browsers have given up.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("D005", "obsolete-xss-protection"),
    severity: Severity::Note,
    summary: "`X-XSS-Protection` turned on",
    page: "\
`X-XSS-Protection` turns on a filter that no current browser has.

## Why

Attackers could misuse the filter, so browsers removed it. In old browsers that still have it, `0` is the safer value.
A `Content-Security-Policy` does what the filter was meant to do.

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

When an audit requires the field.

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
