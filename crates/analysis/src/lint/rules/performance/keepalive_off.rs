//! Connections to upstreams that are never used again.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("P003", "keepalive-off"),
    severity: Severity::Note,
    summary: "`keepalive off`, which opens a new connection for each request",
    page: "\
Caddy keeps idle connections to upstreams open for two minutes and reuses them. With `keepalive off`, each request
opens a new connection, with a new handshake if it uses TLS.

## Why

A new connection costs one to three round trips for each request. Under load, it can use up the ports for outgoing
connections.

## Wrong

```caddyfile
example.com {
	reverse_proxy https://backend.example.com {
		transport http {
			keepalive off
		}
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy https://backend.example.com {
		transport http {
			keepalive 30s
		}
	}
}
```

## When it is fine

When an upstream closes idle connections without notice, or when each request needs its own connection.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#the-http-transport
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for transport in lint.walk().filter(|found| found.is("transport")) {
        let Some(line) = transport.line("keepalive") else { continue };
        if let [off] = line.args
            && off.text == "off"
        {
            found.push(
                RULE.finding(lint, off, "each request opens a new connection to the upstream")
                    .help("leave the line out, or write a time after which idle connections are closed: `keepalive 30s`"),
            );
        }
    }
}
