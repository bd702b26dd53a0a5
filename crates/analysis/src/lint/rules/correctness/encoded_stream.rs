//! Compression that holds back events.

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C074", "encoded-event-stream"),
    severity: Severity::Warning,
    summary: "`encode` for `text/*` before a proxy, which holds back event streams",
    page: "\
`text/*` includes `text/event-stream`. The encoder collects events until its buffer is full.

## Why

Chat answers and live updates arrive late, or all at once. Without `match`, `encode` leaves event streams alone.

## Wrong

```caddyfile
example.com {
	encode {
		gzip
		match header Content-Type text/*
	}
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	encode gzip
	reverse_proxy localhost:8080
}
```

## When it is fine

When no upstream sends events.

See https://caddyserver.com/docs/caddyfile/directives/encode
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites {
        let proxy = site.walk().find(|directive| directive.conduct().serves == Serves::Upstream);
        let Some(proxy) = proxy else { continue };
        for encode in site.walk().filter(|directive| directive.is("encode")) {
            for line in encode.block.iter().filter(|line| line.is("match")) {
                let Some(value) = types(line).into_iter().find(|value| takes_events(&value.text)) else {
                    continue;
                };
                found.push(
                    RULE.finding(lint, value, "event streams are compressed too, and arrive late")
                        .also(proxy.name.span, "may answer with an event stream")
                        .help("leave `match` out, or list the types that are compressed without `text/event-stream`"),
                );
            }
        }
    }
}

/// The types of a `match` line or block.
fn types<'a>(line: &'a Directive<'a>) -> Vec<&'a Word> {
    let is_type = |name: &str| name.eq_ignore_ascii_case("Content-Type");
    let own = match line.args {
        [kind, field, value] if kind.text == "header" && is_type(&field.text) => vec![value],
        _ => Vec::new(),
    };
    let lines = line.block.iter().filter_map(|test| match test.args {
        [field, value] if test.is("header") && is_type(&field.text) => Some(value),
        _ => None,
    });
    own.into_iter().chain(lines).collect()
}

fn takes_events(pattern: &str) -> bool {
    pattern.strip_suffix('*').is_some_and(|start| "text/event-stream".starts_with(start))
        || pattern.starts_with("text/event-stream")
}
