//! A `header` for every request that overrides one for some.

use std::collections::HashMap;

use super::header_beside_upstream::plain_fields;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::lint::{Condition, Level, Levels, Lint, Rule};
use crate::syntax::Word;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code { id: "C015", name: "general-header-wins" },
    severity: Severity::Warning,
    summary: "a `header` without matcher that overrides the one with a matcher",
    page: "\
`header` lines are sorted like routes, the most specific first, and all that match run. The one without a matcher comes
last, sets the field again, and wins.

## Why

It reads like a default with exceptions, and the exceptions never show.

## Wrong

```caddyfile
example.com {
	@assets path /assets/*
	header @assets Cache-Control max-age=31536000
	header Cache-Control no-cache
	file_server
}
```

## Right

```caddyfile
example.com {
	@assets path /assets/*
	header @assets Cache-Control max-age=31536000
	header ?Cache-Control no-cache
	file_server
}
```

`?Field` sets a field only if it is not there yet.

## When it is fine

Never: the specific line has no effect.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check,
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in Levels::of(lint).all {
        check_level(lint, &level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let mut specific: HashMap<String, &Word> = HashMap::new();
    for directive in level.runs().into_iter().filter(|directive| directive.is("header")) {
        let every = matches!(level.condition(directive), Condition::Every);
        for field in plain_fields(directive) {
            let name = field.text.to_lowercase().to_string();
            if !every {
                specific.entry(name).or_insert(field);
            } else if let Some(first) = specific.get(&name) {
                found.push(
                    RULE.finding(
                        lint,
                        field,
                        format!("this `{}` overrides the one with a matcher", field.text),
                    )
                    .label("runs last, for every request")
                    .also(first.span, "has no effect")
                    .help(format!("write `?{}` to set it only where it is missing", field.text))
                    .edit(field.span, format!("?{}", lint.written(field)), false),
                );
            }
        }
    }
}
