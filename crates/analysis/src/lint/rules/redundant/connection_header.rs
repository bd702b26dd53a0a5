//! Fields of the connection, which Caddy handles by itself.

use crate::lint::field::Field;
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R022", "connection-header"),
    severity: Severity::Note,
    summary: "A `header_up` with `Connection`, `Upgrade` or `Sec-WebSocket-*`",
    page: "\
`reverse_proxy` passes WebSockets and other upgrades through without any settings.

## Why

`Connection` and `Upgrade` apply to one connection, but a proxied request uses two: from the client to Caddy, and from
Caddy to the upstream. If a client sends `Connection: close` and the line forwards it, Caddy cannot reuse its
connection to the upstream.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up Connection {header.Connection}
		header_up Upgrade {header.Upgrade}
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

When the upstream requires a fixed value. `Connection close`, which opens a new connection for each request, is
not reported.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for line in lint.named("header_up") {
        for field in Field::all(line) {
            let name = field.name().to_ascii_lowercase();
            let Some(value) = field.value() else { continue };
            let message = match name.as_str() {
                // The upstream sees a fixed value: `close` gives each request a connection of its own.
                "connection" if value.text.eq_ignore_ascii_case("close") => continue,
                "connection" if !value.text.contains('{') => "`reverse_proxy` sets `Connection` by itself",
                "connection" => "forwarding `Connection` ends the reuse of connections to the upstream",
                "upgrade" => "`reverse_proxy` passes `Upgrade` on by itself",
                name if name.starts_with("sec-websocket-") => {
                    "`reverse_proxy` passes WebSocket fields on by itself"
                }
                _ => continue,
            };
            found.push(
                RULE.finding(lint, field.word, message)
                    .help("delete the line: WebSockets need no settings")
                    .edit(line.name.span.to(value.span), "", false),
            );
        }
    }
}
