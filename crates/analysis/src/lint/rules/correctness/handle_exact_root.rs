//! `handle /` or `route /`: only the path `/` itself.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C001", "handle-exact-root"),
    severity: Severity::Warning,
    summary: "A `handle` or `route` whose path is exactly `/`",
    page: "\
`handle /` and `route /` match the path `/` only, not the paths below it.

## Why

Caddy matches a path exactly unless it ends in `*`. `handle /` is usually meant as a catch-all, but every request for
another path gets an empty response.

## Wrong

```caddyfile
example.com {
	handle / {
		reverse_proxy localhost:8080
	}
}
```

## Right

```caddyfile
example.com {
	handle {
		reverse_proxy localhost:8080
	}
}
```

## When it is fine

For a block that serves only the front page: write `# caddyctl: allow C001 front page only`. It is not
reported next to a `handle` without a matcher.

See https://caddyserver.com/docs/caddyfile/matchers
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        let blocks =
            || level.directives.iter().filter(|directive| directive.is("handle") || directive.is("route"));
        // Whoever writes a block for all other paths too means the front page.
        if blocks().any(|directive| level.condition(directive).is_every()) {
            continue;
        }
        for directive in blocks() {
            let Some(matcher) = directive.matcher().filter(|word| word.text == "/") else { continue };
            found.push(
                RULE.finding(lint, matcher, format!("`{} /` matches the path `/` only", directive.name.text))
                    .help(format!("leave the `/` out for every request: `{} {{`", directive.name.text))
                    .edit(matcher.span, "", false),
            );
        }
    }
}
