//! HSTS where there is no TLS.

use crate::lint::field::{Field, Operation};
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C044", "hsts-over-http"),
    severity: Severity::Note,
    summary: "`Strict-Transport-Security` on a site without TLS",
    page: "\
A site without TLS sends `Strict-Transport-Security`.

## Why

A browser ignores the field if the response did not use TLS. The site is not protected.

## Wrong

```caddyfile
http://example.com {
	header Strict-Transport-Security \"max-age=31536000\"
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header Strict-Transport-Security \"max-age=31536000\"
	respond \"hello\"
}
```

## When it is fine

When another proxy in front of Caddy terminates TLS. Name it in `trusted_proxies` and this rule no longer reports the
site. Sites for every host, such as `:80`, are not reported.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    if lint.is_behind_proxy() {
        return;
    }
    for site in lint.sites.iter().filter(|site| site.is_plain_http() && site.has_host()) {
        for field in site.walk().filter(|found| found.is("header")).flat_map(Field::all) {
            if field.is("Strict-Transport-Security") && field.operation() != Operation::Delete {
                found.push(
                    RULE.finding(lint, field.word, "this site speaks plain HTTP, where browsers ignore HSTS")
                        .help("move it to the HTTPS site, or list the TLS proxy before Caddy in `trusted_proxies`"),
                );
            }
        }
    }
}
