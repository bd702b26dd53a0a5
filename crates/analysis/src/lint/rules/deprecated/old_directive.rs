//! Directives that have a new name.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("D001", "old-directive"),
    severity: Severity::Warning,
    summary: "A `basicauth` or `skip_log`, which have been renamed",
    page: "\
The directive has been renamed.

## Why

Caddy still accepts the old name, but prints a warning each time it loads the file. A later release will remove the
name.

## Wrong

```caddyfile
example.com {
	skip_log /health
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	log_skip /health
	respond \"hello\"
}
```

## When it is fine

When the file must also work with a Caddy before 2.8.

See https://caddyserver.com/docs/caddyfile/directives
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.walk() {
        let Some(new) = directive.declared.and_then(|declared| declared.renamed) else { continue };
        let old = directive.name.text.as_str();
        let mut finding = RULE
            .finding(lint, directive.name, format!("`{old}` is the old name of `{new}`"))
            .help(format!("write `{new}`"));
        if lint.written(directive.name) == old {
            finding = finding.edit(directive.name.span, new, true);
        }
        found.push(finding);
    }
}
