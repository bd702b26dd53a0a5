//! Flushing that Caddy turns on by itself.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R023", "flush-interval"),
    severity: Severity::Note,
    summary: "`flush_interval -1`, which Caddy sets automatically where it matters",
    page: "\
Caddy flushes responses of unknown length and `text/event-stream` immediately, without this setting.

## Why

Server-sent events and responses without `Content-Length` are streamed anyway. With `-1`, Caddy also flushes all other
responses after each write, which costs time without a benefit.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		flush_interval -1
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

When an upstream sends a stream with a `Content-Length`.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for line in lint.named("flush_interval") {
        let Some(value) = line.args.first().filter(|value| value.text == "-1") else { continue };
        found.push(
            RULE.finding(lint, value, "streams and answers of unknown length are flushed at once anyway")
                .help("delete the line")
                .edit(line.name.span.to(value.span), "", false),
        );
    }
}
