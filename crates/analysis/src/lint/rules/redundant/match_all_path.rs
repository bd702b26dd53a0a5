//! `/*`, which is no restriction.

use std::collections::HashMap;

use crate::lint::{Check, Condition, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R001", "match-all-path"),
    severity: Severity::Note,
    summary: "The matcher `/*`, which matches every request",
    page: "\
Every path starts with `/`, so `/*` matches every request. `*`, or no matcher, means the same, and does not compare
the path.

## Why

Caddy sorts the directive by this path, which can put it before directives of the same kind that have a named matcher.

## Wrong

```caddyfile
example.com {
	reverse_proxy /* localhost:8080
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080
}
```

## When it is fine

When the order of several `handle` blocks depends on it.

See https://caddyserver.com/docs/caddyfile/matchers#wildcard-matchers
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for directive in &level.directives {
            let name =
                directive.declared.map_or(directive.name.text.as_str(), |declared| declared.sorted_by());
            *counts.entry(name).or_default() += 1;
        }
        for directive in level.directives.iter().filter(|directive| !directive.is("handle_path")) {
            let Condition::Path(path) = level.condition(directive) else { continue };
            if path.text != "/*" {
                continue;
            }
            let name = directive.name.text.as_str();
            // Alone of its kind it is sorted the same.
            let alone = level.keeps_order() || counts.get(name) == Some(&1);
            let finding = RULE
                .finding(lint, path, "`/*` matches every request")
                .help(format!("leave it out, or write `*`: `{name} *`"));
            found.push(if lint.written(path) == "/*" {
                finding.edit(path.span, "*", alone)
            } else {
                finding
            });
        }
    }
}
