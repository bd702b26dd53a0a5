//! TLS to an upstream that could be anybody.

use crate::lint::reach::is_loopback;
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S041", "unverified-upstream"),
    severity: Severity::Warning,
    summary: "A `tls_insecure_skip_verify` for an upstream on another machine",
    page: "\
`tls_insecure_skip_verify` accepts any certificate of the upstream.

## Why

An attacker between Caddy and the upstream can read and change everything, as without TLS.

## Wrong

```caddyfile
example.com {
	reverse_proxy https://10.0.0.2 {
		transport http {
			tls_insecure_skip_verify
		}
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy https://10.0.0.2 {
		transport http {
			tls_trust_pool file /etc/caddy/upstream.pem
			tls_server_name app.internal
		}
	}
}
```

## When it is fine

When you trust the network between them as much as the machine. Upstreams on the same machine are not reported.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for proxy in lint.named("reverse_proxy") {
        let upstreams = proxy.upstreams();
        if !upstreams.is_empty() && upstreams.iter().all(|upstream| is_loopback(&upstream.text)) {
            continue;
        }
        let Some(transport) = proxy.line("transport") else { continue };
        let Some(skip) = transport.line("tls_insecure_skip_verify") else { continue };
        found
            .push(RULE.finding(lint, skip.name, "the upstream's certificate is not checked").help(
                "trust its issuer with `tls_trust_pool file PATH`, and name it with `tls_server_name`",
            ));
    }
}
