//! `remote_ip` where proxies stand in front.

use crate::lint::{Check, Lint, Rule, Site, Test, Walk};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C026", "remote-ip-behind-proxy"),
    severity: Severity::Warning,
    summary: "A `remote_ip` in a file that trusts proxies in front of Caddy",
    page: "\
With `trusted_proxies`, `client_ip` is the client behind the proxy. `remote_ip` is still the address that opened the
connection: the proxy.

## Why

A list of allowed clients then rejects everybody. If the list contains the proxy's address, it accepts everybody.

## Wrong

```caddyfile
{
	servers {
		trusted_proxies static 10.0.0.0/8
		trusted_proxies_strict
	}
}

example.com {
	@office remote_ip 203.0.113.0/24
	respond @office \"hello\"
	respond 403
}
```

## Right

```caddyfile
{
	servers {
		trusted_proxies static 10.0.0.0/8
		trusted_proxies_strict
	}
}

example.com {
	@office client_ip 203.0.113.0/24
	respond @office \"hello\"
	respond 403
}
```

## When it is fine

When you mean the proxy itself, as in `not remote_ip` for requests that bypass it.

See https://caddyserver.com/docs/caddyfile/matchers#remote-ip
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let trusted = lint.trusted();
    if trusted.is_empty() {
        return;
    }
    let routes = lint.named_routes.iter().flat_map(|route| Walk::through(&route.block));
    let sites = lint.sites.iter().filter(|site| lint.trusts_proxies_of(site)).flat_map(Site::walk);
    for definition in sites.chain(routes).filter(|found| found.is_definition()) {
        for test in Test::of(definition).iter().filter(|test| test.kind == "remote_ip") {
            // Ranges that are trusted are the proxies, and are meant.
            if test.args.iter().any(|range| trusted.contains(range.text.as_str())) {
                continue;
            }
            let mut finding = RULE
                .finding(
                    lint,
                    test.word,
                    "behind a trusted proxy, `remote_ip` is the proxy and not the client",
                )
                .help("write `client_ip`");
            if lint.written(test.word) == test.word.text {
                finding = finding.edit(test.word.span, "client_ip", false);
            }
            found.push(finding);
        }
    }
}
