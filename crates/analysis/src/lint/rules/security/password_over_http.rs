//! Passwords that go over the network in the clear.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S045", "password-over-http"),
    severity: Severity::Warning,
    summary: "A `basic_auth` on a site without TLS",
    page: "\
A site without TLS requires a password.

## Why

With basic authentication, the client sends the password with every request, encoded but not encrypted. Without TLS,
everybody on the network path can read it.

## Wrong

```caddyfile
http://example.com {
	basic_auth {
		admin $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	basic_auth {
		admin $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	respond \"hello\"
}
```

## When it is fine

When another proxy in front of Caddy terminates TLS. Name it in `trusted_proxies` and this rule no longer reports the
site.

See https://caddyserver.com/docs/caddyfile/directives/basic_auth
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    if lint.is_behind_proxy() {
        return;
    }
    for site in lint.sites.iter().filter(|site| site.is_plain_http() && !site.is_local()) {
        let help = if site.has_host() {
            "serve the site over HTTPS: leave `http://` and port 80 out of its address"
        } else {
            "give the site a host name, which enables HTTPS, or list the TLS proxy in `trusted_proxies`"
        };
        for directive in site.walk().filter(|found| found.asks_password()) {
            // Without a host, something in front may well end TLS that the file does not speak of.
            let (message, severity) = if site.has_host() {
                ("the password goes over the network in the clear", RULE.severity)
            } else {
                (
                    "the password goes over the network in the clear, unless TLS ends in front of Caddy",
                    Severity::Note,
                )
            };
            let finding = RULE.finding(lint, directive.name, message).help(help);
            found.push(finding.with_severity(severity));
        }
    }
}
