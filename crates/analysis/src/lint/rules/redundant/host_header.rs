//! The Host that is passed on anyway.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R021", "host-header"),
    severity: Severity::Note,
    summary: "A `header_up Host {host}` to an upstream without TLS",
    page: "\
`reverse_proxy` already passes the client's `Host` on to upstreams without TLS.

## Why

Other servers need this line; in Caddy it repeats the default. `{host}` also lacks the port that the client sent.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up Host {host}
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

When the upstream must not get the port.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for proxy in lint.named("reverse_proxy").filter(|proxy| !proxy.uses_tls()) {
        for line in proxy.block.iter().filter(|line| line.is("header_up")) {
            let [name, value] = line.args else { continue };
            if !name.text.eq_ignore_ascii_case("Host") || !PASSED_ON.contains(&value.text.as_str()) {
                continue;
            }
            found.push(
                RULE.finding(lint, name, "`reverse_proxy` passes the client's `Host` on by itself")
                    .help("delete the line")
                    // Without a port in the request, and with `{hostport}`, nothing changes.
                    .edit(line.name.span.to(value.span), "", value.text.contains("hostport")),
            );
        }
    }
}

/// The values that are the client's own.
const PASSED_ON: [&str; 3] = ["{http.request.host}", "{http.request.hostport}", "{http.request.header.Host}"];
