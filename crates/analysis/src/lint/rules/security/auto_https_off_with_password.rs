//! Passwords where HTTPS is turned off.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S046", "auto-https-off-with-password"),
    severity: Severity::Warning,
    summary: "`auto_https off` and a site that requires a password",
    page: "\
`auto_https off` leaves the site without a certificate, and the site requires a password.

## Why

Without a certificate, Caddy does not use TLS, so everybody on the network path can read the password. To turn off
only the redirects from HTTP, write `auto_https disable_redirects`.

## Wrong

```caddyfile
{
	auto_https off
}

example.com {
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

See https://caddyserver.com/docs/automatic-https
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let is_off = lint.has_auto_https("off") && !lint.trusts_proxies();
    let Some(option) = lint.option("auto_https").filter(|_| is_off) else {
        return;
    };
    for site in lint.sites.iter().filter(|site| !site.is_local()) {
        let has_tls = site.directives.iter().any(|directive| directive.is("tls"));
        let mut all = site.walk();
        if let Some(auth) = all.find(|found| found.asks_password()).filter(|_| !has_tls) {
            found.push(
                RULE.finding(
                    lint,
                    auth.name,
                    "without HTTPS the password goes over the network in the clear",
                )
                .also(option.name.span, "HTTPS is turned off here")
                .help("delete `auto_https off`, or give the site certificates with `tls CERT KEY`"),
            );
        }
    }
}
