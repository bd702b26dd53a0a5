//! Blocks that do nothing.

use crate::lint::{Answer, Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C068", "empty-block"),
    severity: Severity::Warning,
    summary: "A `handle` without a block or with an empty one, and `handle_errors` in which nothing answers",
    page: "\
A `handle` without a block does nothing with its requests: they go on, or get an empty answer if another `handle` would take them. A `handle_errors` in which nothing answers gives an empty page.

## Why

The directives that should be in the block are outside of it, and do not run for these requests.

## Wrong

```caddyfile
example.com {
	handle /app/*
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	handle /app/* {
		reverse_proxy localhost:8080
	}
}
```

## When it is fine

When the empty answer is meant: `respond 200` says so.

See https://caddyserver.com/docs/caddyfile/directives/handle
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.walk().filter(|directive| directive.is_route() && directive.declared.is_some()) {
        let name = directive.name.text.as_str();
        if name == "invoke" {
            continue;
        }
        if directive.block.is_empty() {
            found.push(
                RULE.finding(
                    lint,
                    directive.name,
                    format!("`{name}` has nothing in its block, so it does nothing"),
                )
                .help(format!("put the directives for these requests into the block of `{name}`")),
            );
        }
    }
    for level in lint.levels.all.iter().filter(|level| level.handles_errors) {
        let Some(owner) = level.owner.filter(|owner| owner.is("handle_errors") && !owner.block.is_empty())
        else {
            continue;
        };
        let is_partial = level.directives.iter().any(|directive| directive.declared.is_none());
        if is_partial || level.directives.iter().any(|directive| directive.answer > Answer::Never) {
            continue;
        }
        let only_headers = level.directives.iter().all(|directive| directive.handler() == "headers");
        let rewrites =
            level.directives.iter().any(|directive| directive.is("rewrite") || directive.is("root"));
        if only_headers || !rewrites {
            continue;
        }
        found.push(
            RULE.finding(
                lint,
                owner.name,
                "nothing in this `handle_errors` answers: clients get an empty page",
            )
            .help("add `file_server` if a file is to be served"),
        );
    }
}
