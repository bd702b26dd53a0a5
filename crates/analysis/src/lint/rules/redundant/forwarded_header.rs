//! X-Forwarded-* that Caddy sets by itself.

use crate::lint::field::{Field, Operation};
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R020", "forwarded-header"),
    severity: Severity::Note,
    summary: "A `header_up X-Forwarded-*` with the value that Caddy sends anyway",
    page: "\
`reverse_proxy` sets `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` automatically.

## Why

The line repeats the default.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up X-Forwarded-For {remote_host}
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080
}
```

## When it is fine

With `trusted_proxies`: Caddy then appends to the values of the proxies, but the line replaces them. The rule reports nothing there.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

/// The fields, and the values that are the default.
const DEFAULTS: [(&str, &[&str]); 3] = [
    ("X-Forwarded-For", &["{http.request.remote.host}", "{http.vars.client_ip}"]),
    ("X-Forwarded-Proto", &["{http.request.scheme}"]),
    ("X-Forwarded-Host", &["{http.request.host}", "{http.request.hostport}"]),
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    // Behind trusted proxies Caddy adds to what they say, and the line replaces it.
    if lint.trusts_proxies() || lint.named("trusted_proxies").next().is_some() {
        return;
    }
    for line in lint.named("header_up") {
        for field in Field::all(line) {
            let Some((name, values)) = DEFAULTS.iter().find(|(name, _)| field.is(name)) else { continue };
            let Some(value) = field.value().filter(|word| values.contains(&word.text.as_str())) else {
                continue;
            };
            if field.operation() == Operation::Set {
                found.push(
                    RULE.finding(lint, field.word, format!("`reverse_proxy` sets `{name}` by itself"))
                        .help(
                            "delete the line; name proxies in front of Caddy in the option `trusted_proxies`",
                        )
                        .edit(line.name.span.to(value.span), "", false),
                );
            }
        }
    }
}
