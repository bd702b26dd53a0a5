//! A colon behind the name of a header field.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("X001", "header-colon"),
    severity: Severity::Note,
    summary: "A colon after the name of a header field",
    page: "\
Caddy ignores a colon at the end of a field's name in the block of `header`, and in `request_header`.

## Why

It works there, and nowhere else: on the line of `header`, in `header_up`, `header_down` and in matchers the colon becomes part of
the name (C047).

## Wrong

```caddyfile
example.com {
	header {
		Cache-Control: no-cache
	}
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header {
		Cache-Control no-cache
	}
	respond \"hello\"
}
```

## When it is fine

Always: this is only a matter of style.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for field in lint.fields.iter().filter(|field| field.drops_colon()) {
        let Some(name) = field.word.text.strip_suffix(':').filter(|name| !name.is_empty()) else { continue };
        let mut finding = RULE
            .finding(lint, field.word, format!("Caddy ignores the colon after `{}`", field.name()))
            .help(format!("write `{name}`"));
        if lint.written(field.word) == field.word.text {
            finding = finding.edit(field.word.span, name, true);
        }
        found.push(finding);
    }
}
