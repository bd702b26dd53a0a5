//! A named route of which only the first directive survives.

use crate::lint::{Check, Condition, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C012", "named-route-first-only"),
    severity: Severity::Warning,
    summary: "A named route with several directives, none of which has a matcher",
    page: "\
If no directive of a named route has a matcher, Caddy keeps only the directive that runs first, and drops the rest.

## Why

This is probably a bug in Caddy (measured with Caddy 2.11.7). `caddy validate` does not report it.

## Wrong

```caddyfile
&(app) {
	header X-App yes
	reverse_proxy localhost:8080
}

example.com {
	invoke app
}
```

## Right

```caddyfile
&(app) {
	route {
		header X-App yes
		reverse_proxy localhost:8080
	}
}

example.com {
	invoke app
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/concepts#named-routes
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in lint.levels.all.iter().filter(|level| level.is_named_route()) {
        let [(first, _), lost @ ..] = level.runs() else { continue };
        let is_one_route = level.runs().iter().all(|(directive, condition)| {
            let is_apart = directive.declared.is_some_and(|declared| declared.is_apart);
            !is_apart && matches!(condition, Condition::Every)
        });
        let Some((second, _)) = lost.first().filter(|_| is_one_route) else { continue };
        let names: Vec<_> = lost.iter().map(|(directive, _)| format!("`{}`", directive.name.text)).collect();
        found.push(
            RULE.finding(
                lint,
                second.name,
                format!(
                    "of this named route Caddy keeps only `{}` and drops {}",
                    first.name.text,
                    names.join(", ")
                ),
            )
            .label("never runs")
            .also(first.name.span, "the only one that runs")
            .help("put a `route` block around all directives of the named route"),
        );
    }
}
