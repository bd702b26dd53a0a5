//! The client's Host for an upstream that speaks TLS.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C051", "host-to-https-upstream"),
    severity: Severity::Warning,
    summary: "A `header_up Host {host}` to an upstream with TLS",
    page: "\
An upstream with TLS gets the name of your site as `Host`, but its own name in the TLS handshake.

## Why

Without this line, Caddy sends such an upstream its own address as `Host`. If it gets another name, a server with
several sites answers 404 or 421, or redirects to your site, which is a loop.

## Wrong

```caddyfile
example.com {
	reverse_proxy https://app.example.org {
		header_up Host {host}
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy https://app.example.org
}
```

## When it is fine

When the upstream serves your site under its public name, such as another proxy of yours.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for proxy in lint.named("reverse_proxy").filter(|proxy| proxy.uses_tls()) {
        // A machine of one's own often serves the site under its public name.
        if !proxy.upstreams().iter().any(|upstream| is_foreign(&upstream.text)) {
            continue;
        }
        for line in proxy.block.iter().filter(|line| line.is("header_up")) {
            let [name, value] = line.args else { continue };
            let is_clients = matches!(
                value.text.as_str(),
                "{http.request.host}" | "{http.request.hostport}" | "{http.request.header.Host}"
            );
            if name.text.eq_ignore_ascii_case("Host") && is_clients {
                found.push(
                    RULE.finding(lint, value, "an upstream with TLS expects its own name as `Host`")
                        .help("delete the line: Caddy sends `{upstream_hostport}`")
                        .edit(line.name.span.to(value.span), "", false),
                );
            }
        }
    }
}

/// Whether an upstream has a public name: dots, and not only digits between them.
fn is_foreign(upstream: &str) -> bool {
    let host = upstream.split_once("://").map_or(upstream, |(_, rest)| rest);
    let host = host.split(':').next().unwrap_or_default();
    let top = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !matches!(top, "local" | "internal" | "lan")
}
