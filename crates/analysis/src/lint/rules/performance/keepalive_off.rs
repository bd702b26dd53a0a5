//! Connections to upstreams that are never used again.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("P003", "keepalive-off"),
    severity: Severity::Note,
    summary: "`keepalive off`, so that each request opens a connection",
    page: "\
Caddy keeps connections to upstreams open for two minutes, and uses them again. With `keepalive off` each request makes a
new one, and with TLS a new handshake.

## Why

It costs a round trip or three for each request, and under load the ports for outgoing connections.

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

When an upstream closes idle connections without a word, or must see each request on its own.

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
