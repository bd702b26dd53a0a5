//! A security header of the site that a block for all requests changes.

use crate::lint::field::Field;
use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C046", "security-header-overwritten"),
    severity: Severity::Note,
    summary: "A security header that the site sets, and a block for all requests sets differently",
    page: "\
The site sets a security header. A block that handles every request sets it to another value, or deletes it.

## Why

`header` lines of the site run before `handle` and `route`, so the inner value replaces the outer one. The outer value
is never sent.

## Wrong

```caddyfile
example.com {
	header X-Frame-Options DENY
	handle {
		header X-Frame-Options SAMEORIGIN
		respond \"hello\"
	}
}
```

## Right

```caddyfile
example.com {
	header X-Frame-Options DENY
	handle {
		respond \"hello\"
	}
}
```

## When it is fine

When another block, with a matcher, still needs the outer value.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

/// What protects the users of a site.
pub(super) const PROTECTING: [&str; 6] = [
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites {
        // Where blocks take their share of the requests, the outer value still serves the others.
        let mut blocks = site.directives.iter().filter(|directive| directive.is_route());
        let (Some(inner), None) = (blocks.next(), blocks.next()) else { continue };
        if inner.matcher().is_some_and(|matcher| matcher.text != "*") || inner.is("handle_path") {
            continue;
        }
        let outer: Vec<Field> = fields(&site.directives);
        for field in fields(&inner.block) {
            let Some(name) = PROTECTING.iter().find(|name| field.is(name)) else { continue };
            let Some(first) = outer.iter().find(|first| first.is(name) && first.value().is_some()) else {
                continue;
            };
            if first.value().map(|word| &word.text) != field.value().map(|word| &word.text) {
                found.push(
                    RULE.finding(lint, first.word, format!("`{name}` is overwritten for every request"))
                        .also(field.word.span, "this runs later and wins")
                        .help("keep the line that is meant, and delete the other"),
                );
            }
        }
    }
}

/// The fields that the matcherless `header` lines among `directives` set or delete.
fn fields<'a>(directives: &'a [Directive<'a>]) -> Vec<Field<'a>> {
    directives.iter().filter(|d| d.is("header") && d.matcher().is_none()).flat_map(Field::all).collect()
}
