//! One address that two sites claim.

use rustc_hash::FxHashMap;

use crate::lint::{Check, Rule, Whole};
use caddyctl_language::compile::Address;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C010", "host-in-two-sites"),
    severity: Severity::Warning,
    summary: "The same host and port in two site blocks, written differently",
    page: "\
Two site blocks have the same host and port. Only one of them answers; the other never gets a request.

## Why

Caddy refuses an address that is written twice, but it compares only the text: it accepts `example.com` together with
`https://example.com`.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080
}

https://example.com {
	reverse_proxy /api/* localhost:9090
}
```

## Right

```caddyfile
example.com {
	reverse_proxy /api/* localhost:9090
	reverse_proxy localhost:8080
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/concepts#addresses
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    let mut seen: FxHashMap<(&str, &str, &str), (usize, &Word)> = FxHashMap::default();
    seen.reserve(lint.sites.len());
    for (number, site) in lint.sites.iter().enumerate() {
        // Sites on different interfaces do not meet.
        if site.directives.iter().any(|directive| directive.is("bind")) {
            continue;
        }
        for (key, address) in site.keys.iter().zip(&site.addresses) {
            let Some(port) = port(address) else { continue };
            let (first, word) = *seen.entry((&address.host, port, &address.path)).or_insert((number, key));
            if first == number {
                continue;
            }
            found.push(
                RULE.finding(lint, key, format!("`{}` is the address of another site too", key.text))
                    .label("only one of the two answers")
                    .also(word.span, "the other one")
                    .help("put everything for one address into one site block"),
            );
        }
    }
}

/// The port that an address stands for; `None` for hosts without certificates, whose port depends on options.
fn port(address: &Address) -> Option<&str> {
    match (address.scheme.as_str(), address.port.as_str()) {
        ("http", "") => Some("80"),
        (_, "") if address.host.is_empty() => None,
        (_, "") => Some("443"),
        (_, port) => Some(port),
    }
}
