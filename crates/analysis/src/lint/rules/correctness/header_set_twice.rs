//! A field that one block sets twice.

use std::collections::HashMap;

use crate::lint::field::{Field, Operation};
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C043", "header-set-twice"),
    severity: Severity::Warning,
    summary: "A header field that one block sets twice",
    page: "\
A block sets the same field twice. Only the last value is sent.

## Why

Setting a field replaces its value. To add a second value, write `+Field value`.

## Wrong

```caddyfile
example.com {
	header {
		Cache-Control \"no-cache\"
		Cache-Control \"max-age=60\"
	}
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header {
		Cache-Control \"max-age=60\"
	}
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
    for header in lint.named("header") {
        check_block(lint, &Field::all(header).collect::<Vec<_>>(), found);
    }
    // The lines of a proxy are one block as well, one for each direction.
    for proxy in lint.walk().filter(|directive| directive.is_proxy()) {
        for name in ["header_up", "header_down"] {
            let lines = proxy.block.iter().filter(|line| line.is(name));
            check_block(lint, &lines.flat_map(Field::all).collect::<Vec<_>>(), found);
        }
    }
}

fn check_block(lint: &Lint, fields: &[Field], found: &mut Vec<Diagnostic>) {
    let mut set: HashMap<String, &Field> = HashMap::new();
    for field in fields.iter().filter(|field| field.operation() == Operation::Set) {
        // `set X 1` and `set Y 2` are another mistake, which C040 reports.
        if matches!(field.name(), "set" | "add" | "remove" | "delete" | "replace") {
            continue;
        }
        let Some(first) = set.insert(field.name().to_ascii_lowercase(), field) else { continue };
        let name = field.name();
        found.push(
            RULE.finding(
                lint,
                first.word,
                format!("`{name}` is set again below, so this value is never sent"),
            )
            .also(field.word.span, "set again here")
            .help(format!("delete one of the lines, or add the second value with `+{name}`")),
        );
    }
}
