//! The address of a client, as the client itself begins the list of forwarded addresses.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S010", "first-forwarded-address"),
    severity: Severity::Warning,
    summary: "A `trusted_proxies` without `trusted_proxies_strict`, which takes the first address of X-Forwarded-For",
    page: "\
Without `trusted_proxies_strict`, Caddy takes the first address of X-Forwarded-For that is valid. A proxy that appends to the field leaves what the client sent at the beginning.

## Why

A client that sends `X-Forwarded-For: 10.1.1.1` counts as 10.1.1.1 in logs, rate limits and `client_ip` matchers. With `trusted_proxies_strict`, Caddy reads the list from its end and takes the first address that is not a trusted proxy.

## Wrong

```caddyfile
{
	servers {
		trusted_proxies static private_ranges
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

When the proxy replaces the field instead of appending to it, as some cloud load balancers can. A `client_ip_headers` with other fields is not reported.

See https://caddyserver.com/docs/caddyfile/options#trusted-proxies-strict
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for servers in lint.options.iter().filter(|option| option.is("servers")) {
        let Some(line) = servers.line("trusted_proxies") else { continue };
        if servers.line("trusted_proxies_strict").is_some() {
            continue;
        }
        let mut fields = servers
            .block
            .iter()
            .filter(|line| line.is("client_ip_headers"))
            .flat_map(|line| line.args)
            .peekable();
        if fields.peek().is_some() && !fields.any(|field| field.text.eq_ignore_ascii_case("X-Forwarded-For"))
        {
            continue;
        }
        found.push(
            RULE.finding(
                lint,
                line.name,
                "a client chooses the first address of X-Forwarded-For, which counts as its own",
            )
            .help("add `trusted_proxies_strict`, which reads the list from its end"),
        );
    }
}
