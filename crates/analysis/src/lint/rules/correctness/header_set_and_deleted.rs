//! A field that one block both sets and deletes.

use std::collections::HashMap;

use crate::lint::field::{Field, Operation};
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C042", "header-set-and-deleted"),
    severity: Severity::Warning,
    summary: "A header field that one block both sets and deletes",
    page: "\
The same `header` block sets a field and deletes it.

## Why

Caddy first applies the additions of a block, then the values it sets, then the deletions, whatever the order of the
lines. The field is therefore deleted.

## Wrong

```caddyfile
example.com {
	header {
		-Server
		Server \"mine\"
	}
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header Server \"mine\"
	respond \"hello\"
}
```

## When it is fine

When the name of the field contains a placeholder. This rule does not evaluate placeholders.

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
    let deleted: HashMap<String, &Field> = fields
        .iter()
        .filter(|field| field.operation() == Operation::Delete)
        .map(|field| (field.name().to_ascii_lowercase(), field))
        .collect();
    for field in fields.iter().filter(|field| matches!(field.operation(), Operation::Set | Operation::Add)) {
        let Some(delete) = deleted.get(&field.name().to_ascii_lowercase()) else { continue };
        let message = format!("`{}` is set and then deleted by the same block", field.name());
        found.push(
            RULE.finding(lint, field.word, message)
                .also(delete.word.span, "deleted here, after all that is set")
                .help("keep one of the two: setting a field already replaces what was there"),
        );
    }
}
