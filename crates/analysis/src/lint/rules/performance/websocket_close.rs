//! Upgraded connections that every reload closes.

use std::collections::HashSet;

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("P001", "websocket-close"),
    severity: Severity::Note,
    summary: "A proxy for WebSockets without `stream_close_delay`",
    page: "\
A reload of the configuration closes all WebSockets of the proxy at once.

## Why

All clients then reconnect at the same time, which can overload an upstream with thousands of WebSockets. With
`stream_close_delay`, a WebSocket stays open until its client closes it or the delay ends.

## Wrong

```caddyfile
example.com {
	@socket header Upgrade websocket
	reverse_proxy @socket localhost:8080
}
```

## Right

```caddyfile
example.com {
	@socket header Upgrade websocket
	reverse_proxy @socket localhost:8080 {
		stream_close_delay 5m
	}
}
```

## When it is fine

When there are few clients, or when WebSockets must not stay open after a reload.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites {
        let sockets: HashSet<&str> = site
            .walk()
            .filter(|found| found.is_definition() && is_socket(found))
            .map(|found| found.name.text.as_str())
            .collect();
        if sockets.is_empty() {
            continue;
        }
        let is_matched =
            |found: &Directive| found.matcher().is_some_and(|name| sockets.contains(name.text.as_str()));
        for matched in site.walk().filter(|found| is_matched(found)) {
            for proxy in matched.walk().filter(|found| found.is("reverse_proxy")) {
                if proxy.line("stream_close_delay").is_none() {
                    found.push(
                        RULE.finding(
                            lint,
                            proxy.name,
                            "a reload closes all WebSockets of this proxy at once",
                        )
                        .help("add `stream_close_delay 5m` to its block"),
                    );
                }
            }
        }
    }
}

/// Whether a matcher asks for an upgrade to a web socket.
fn is_socket(matcher: &Directive) -> bool {
    let is_upgrade = |words: &[&Word]| {
        words.windows(2).any(|pair| {
            pair[0].text.eq_ignore_ascii_case("Upgrade") && pair[1].text.eq_ignore_ascii_case("websocket")
        })
    };
    matcher.walk().any(|line| {
        let words: Vec<&Word> = std::iter::once(line.name).chain(line.args).collect();
        is_upgrade(&words)
    })
}
