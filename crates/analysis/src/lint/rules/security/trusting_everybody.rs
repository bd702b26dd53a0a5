//! `trusted_proxies` that trusts the whole internet.

use crate::lint::{Check, Lint, Rule, Walk};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S047", "trusting-everybody"),
    severity: Severity::Warning,
    summary: "A `trusted_proxies` that contains every address",
    page: "\
Caddy trusts every client as a proxy.

## Why

Caddy takes the client's address, in logs and in `client_ip` matchers, from the `X-Forwarded-For` that a trusted proxy
sends. If every client is trusted, every client can choose its address.

## Wrong

```caddyfile
{
	servers {
		trusted_proxies static 0.0.0.0/0
	}
}

example.com {
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
{
	servers {
		trusted_proxies static private_ranges
		trusted_proxies_strict
	}
}

example.com {
	reverse_proxy localhost:8080
}
```

## When it is fine

When a firewall accepts only connections from the proxy.

See https://caddyserver.com/docs/caddyfile/options
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let options = Walk::through(lint.options);
    for line in options.chain(lint.walk()).filter(|line| line.is("trusted_proxies")) {
        let mut everybody =
            line.args.iter().filter(|word| matches!(word.text.as_str(), "0.0.0.0/0" | "::/0"));
        let Some(range) = everybody.next() else { continue };
        let finding = RULE.finding(lint, range, "every client can claim another address");
        let finding = everybody.fold(finding, |finding, other| finding.also(other.span, "this range too"));
        found.push(
            finding
                .help("list the addresses of the proxies, or `private_ranges` if they are in your network"),
        );
    }
}
