//! Passwords that go over the network in the clear.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S045", "password-over-http"),
    severity: Severity::Warning,
    summary: "`basic_auth` on a site without TLS",
    page: "\
A site that speaks plain HTTP asks for a password.

## Why

Basic authentication sends the password with every request, only encoded. Without TLS everybody on the way can read
it.

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

When TLS ends in front of Caddy; name that proxy in `trusted_proxies`, and the finding goes.

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
