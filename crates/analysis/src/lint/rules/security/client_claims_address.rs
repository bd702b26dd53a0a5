//! The address of a client, as the client itself says it.

use crate::lint::field::{Field, Operation};
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S008", "client-claims-address"),
    severity: Severity::Warning,
    summary: "`header_up X-Forwarded-For {header.…}`, which lets every client choose an address",
    page: "\
The upstream gets the address of the client from a field that the client sends, and no `trusted_proxies` says which proxies may send it.

## Why

Everybody who reaches Caddy directly chooses an address: for rate limits, for logs, and for what is open to some addresses.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up X-Forwarded-For {header.CF-Connecting-IP}
	}
}
```

## Right

```caddyfile
{
	servers {
		trusted_proxies static 173.245.48.0/20
		client_ip_headers CF-Connecting-IP
	}
}

example.com {
	reverse_proxy localhost:8080 {
		header_up X-Real-IP {client_ip}
	}
}
```

## When it is fine

When a firewall lets only the proxy in.

See https://caddyserver.com/docs/caddyfile/options#trusted-proxies
",
    check: Check::Each(check),
};

/// The fields that upstreams take the address of a client from.
const FIELDS: &[&str] = &["X-Forwarded-For", "X-Real-IP", "X-Client-IP", "True-Client-IP", "Forwarded"];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    if lint.is_behind_proxy() || lint.named("trusted_proxies").next().is_some() {
        return;
    }
    for line in lint.named("header_up") {
        for field in Field::all(line).filter(|field| field.operation() == Operation::Set) {
            let Some(name) = FIELDS.iter().find(|name| field.is(name)) else { continue };
            let Some(value) = field.value().filter(|value| value.text.starts_with("{http.request.header."))
            else {
                continue;
            };
            found.push(
                RULE.finding(lint, value, format!("every client chooses the address that `{name}` gives to the upstream"))
                    .help("name the proxies in `trusted_proxies` and the field in `client_ip_headers`, and write `{client_ip}`"),
            );
        }
    }
}
