//! HSTS that asks for preloading and cannot have it.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C045", "hsts-preload-incomplete"),
    severity: Severity::Warning,
    summary: "HSTS with `preload`, but without what the preload list requires",
    page: "\
`preload` requests that browsers include the site in their built-in HSTS list, but the rest of the field does not meet
the requirements of that list.

## Why

The list accepts only sites that send `includeSubDomains` and a `max-age` of at least one year (31536000 seconds).

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

Never: `preload` has no effect without the rest. Leave it out until all subdomains use HTTPS permanently.

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
