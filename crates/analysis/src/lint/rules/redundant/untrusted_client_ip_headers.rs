//! Header fields for the client's address, and nobody to believe.

use crate::lint::{Check, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R005", "untrusted-client-ip-headers"),
    severity: Severity::Warning,
    summary: "`client_ip_headers` without `trusted_proxies`",
    page: "\
`client_ip_headers` names the header fields in which a trusted proxy sends the client's address. Without
`trusted_proxies`, Caddy ignores these fields.

## Why

`client_ip`, in matchers and logs, is then the address of the proxy.

## Wrong

```caddyfile
{
	servers {
		client_ip_headers CF-Connecting-IP
	}
}

example.com {
	respond \"hello\"
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
	respond \"hello\"
}
```

## When it is fine

Never: the option has no effect.

See https://caddyserver.com/docs/caddyfile/options#client-ip-headers
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    for servers in lint.options.iter().filter(|option| option.is("servers")) {
        if let (Some(line), None) = (servers.line("client_ip_headers"), servers.line("trusted_proxies")) {
            found.push(
                RULE.finding(lint, line.name, "no proxy is trusted, so Caddy never reads these fields")
                    .help("list the proxies too: `trusted_proxies static <range>`"),
            );
        }
    }
}
