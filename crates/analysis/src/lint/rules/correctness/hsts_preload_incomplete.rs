//! HSTS that asks for preloading and cannot have it.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C045", "hsts-preload-incomplete"),
    severity: Severity::Warning,
    summary: "HSTS with `preload` and without what the list asks for",
    page: "\
`preload` asks for a place on the list that browsers ship, and the rest of the field does not meet its terms.

## Why

The list takes only sites whose field has `includeSubDomains` and a `max-age` of a year or more (31536000 seconds).

## Wrong

```caddyfile
example.com {
	header Strict-Transport-Security \"max-age=86400; preload\"
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header Strict-Transport-Security \"max-age=31536000; includeSubDomains; preload\"
	respond \"hello\"
}
```

## When it is fine

Never: without the terms `preload` means nothing. Leave it out until all subdomains speak HTTPS for good.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

/// A year in seconds.
const LEAST: u64 = 31_536_000;

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for field in &lint.fields {
        let Some(value) = field.value().filter(|_| field.is("Strict-Transport-Security")) else { continue };
        let text = value.text.to_ascii_lowercase();
        let parts: Vec<&str> = text.split(';').map(str::trim).collect();
        if !parts.contains(&"preload") {
            continue;
        }
        let age =
            parts.iter().find_map(|part| part.strip_prefix("max-age=")).map(|age| age.trim_matches('"'));
        let missing = if !parts.contains(&"includesubdomains") {
            "`includeSubDomains`"
        } else if age.is_some_and(|age| age.contains('{') || age.parse().is_ok_and(|age: u64| age >= LEAST)) {
            continue;
        } else {
            "a `max-age` of at least 31536000"
        };
        found.push(
            RULE.finding(lint, value, format!("`preload` without {missing} is not accepted"))
                .help("write `max-age=31536000; includeSubDomains; preload`, or leave `preload` out"),
        );
    }
}
