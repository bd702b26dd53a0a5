//! Metrics and debug pages that everybody can read.

use std::cell::LazyCell;

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S042", "open-insight"),
    severity: Severity::Warning,
    summary: "A `/metrics` or `/debug` that everybody can read",
    page: "\
Everybody can read metrics or debug pages.

## Why

Metrics contain the names of sites and upstreams, their traffic and their errors. `/debug/pprof` shows the content of
memory, and requests to it can cause a high load.

## Wrong

```caddyfile
example.com {
	metrics /metrics
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	@monitor {
		path /metrics
		remote_ip private_ranges
	}
	metrics @monitor
	reverse_proxy localhost:8080
}
```

## When it is fine

When a firewall accepts only known clients.

See https://caddyserver.com/docs/caddyfile/directives/metrics
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites.iter().filter(|site| !site.is_local()) {
        // Who asks for a password or an address anywhere in the site knows how; what it covers is for a person to see.
        let guards = |line: &Directive| {
            line.is_guard() || GUARDS.contains(&line.name.text.as_str()) || line.args.iter().any(is_guard)
        };
        let is_guarded = LazyCell::new(|| site.walk().any(guards));
        for directive in site.walk() {
            let path = directive.matcher().filter(|word| word.text.starts_with('/'));
            let is_insight = path.is_some_and(|word| {
                ["/metrics", "/debug"].iter().any(|start| {
                    word.text
                        .strip_prefix(start)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '*']))
                })
            });
            let place = match directive.name.text.as_str() {
                "metrics" => path.unwrap_or(directive.name),
                _ if is_insight
                    && (directive.is_route() || directive.conduct().serves == Serves::Upstream)
                    && is_served(directive) =>
                {
                    path.unwrap_or(directive.name)
                }
                _ => continue,
            };
            if *is_guarded {
                break;
            }
            found.push(
                RULE.finding(lint, place, "everybody can read this").help(
                    "match `remote_ip private_ranges` as well, or ask for a password with `basic_auth`",
                ),
            );
        }
    }
}

/// Matchers and subdirectives that ask who the client is.
const GUARDS: [&str; 3] = ["remote_ip", "client_ip", "client_auth"];

/// Whether a word of a matcher on one line, or of an expression, asks who the client is.
fn is_guard(word: &Word) -> bool {
    ["remote_ip", "client_ip", "Authorization"].iter().any(|guard| word.text.contains(guard))
}

/// Whether the directive hands something out, rather than refusing it.
fn is_served(directive: &Directive) -> bool {
    let mut all = directive.walk();
    all.any(|line| matches!(line.conduct().serves, Serves::Upstream | Serves::Files | Serves::Own))
}
