//! Fields of the connection, which Caddy handles by itself.

use crate::lint::field::Field;
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R022", "connection-header"),
    severity: Severity::Note,
    summary: "`header_up` with `Connection`, `Upgrade` or `Sec-WebSocket-*`",
    page: "\
`reverse_proxy` carries WebSockets and other upgrades through by itself.

## Why

`Connection` and `Upgrade` speak of one connection, and Caddy has two. Forwarding the client's `Connection: close`
ends the reuse of connections to the upstream, so that each request dials anew.

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

When the upstream insists on a fixed value.

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
