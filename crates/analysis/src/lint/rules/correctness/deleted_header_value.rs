//! A field that is deleted and has a value.

use crate::lint::field::Operation;
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C041", "deleted-header-value"),
    severity: Severity::Warning,
    summary: "A `-Field` with a value after it",
    page: "\
`-Field` deletes the field. A value after it has no effect.

## Why

Either the minus sign is a mistake and the field should be set, or the line should delete only fields with that value,
which Caddy cannot do.

## Wrong

```caddyfile
example.com {
	header -Server nginx
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header -Server
	respond \"hello\"
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for field in &lint.fields {
        let (Operation::Delete, Some(value)) = (field.operation(), field.values.first()) else { continue };
        let name = field.name();
        let message = format!("`-{name}` deletes the field, and the value does nothing");
        let mut finding = RULE
            .finding(lint, value, message)
            .help(format!("leave the value out, or write `{name}` without the minus sign to set it"));
        for value in field.values {
            finding = finding.edit(value.span, "", true);
        }
        found.push(finding);
    }
}
