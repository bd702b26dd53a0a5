//! `respond` with its status before its body.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C011", "respond-swapped"),
    severity: Severity::Warning,
    summary: "A `respond 404 \"not found\"`, with the status in the position of the body",
    page: "\
`respond` takes the body first and the status second. In the opposite order, the number is sent as the body, and the
text is used as the status. Because that status is invalid, clients get a 500.

## Why

Caddy reads the first argument as a status only if it is a number of three digits and the only argument.

## Wrong

```caddyfile
example.com {
	respond /old 404 \"not found\"
}
```

## Right

```caddyfile
example.com {
	respond /old \"not found\" 404
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/respond
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.named("respond") {
        let [body, status] = directive.values() else { continue };
        let is_status = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_status(&body.text) || is_status(&status.text) || status.text.starts_with('{') {
            continue;
        }
        let (first, second) = (lint.written(body), lint.written(status));
        found.push(
            RULE.finding(lint, status, format!("`{}` is in the position of the status", status.text))
                .label("clients get a 500")
                .help(format!("write the body first: `respond {second} {first}`"))
                .edit(body.span, second, false)
                .edit(status.span, first, false),
        );
    }
}
