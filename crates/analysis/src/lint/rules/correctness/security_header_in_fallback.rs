//! Security headers that only the last `handle` of a site sends.

use crate::lint::field::{Field, Operation};
use crate::lint::{Answer, Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C082", "security-header-in-fallback"),
    severity: Severity::Warning,
    summary: "A security header inside the `handle` for all other requests, which the other blocks do not send",
    page: "\
The `handle` without a matcher sets a security header. Other `handle` blocks of the site answer without it.

## Why

Of several `handle` blocks only one runs. Responses of the other blocks do not have the header (measured with
Caddy 2.11.7).

## Wrong

```caddyfile
example.com {
	handle /api/* {
		reverse_proxy localhost:8080
	}
	handle {
		header X-Content-Type-Options nosniff
		root * /srv
		file_server
	}
}
```

## Right

```caddyfile
example.com {
	header ?X-Content-Type-Options nosniff
	handle /api/* {
		reverse_proxy localhost:8080
	}
	handle {
		root * /srv
		file_server
	}
}
```

`?` keeps the value of an upstream that sends the field itself.

## When it is fine

When the upstreams of the other blocks send the header themselves.

See https://caddyserver.com/docs/caddyfile/directives/handle
",
    check: Check::Each(check),
};

/// Fields that protect whatever is sent. A policy for pages, such as `Content-Security-Policy`, may be meant for pages
/// alone.
const EVERYWHERE: [&str; 3] = ["Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy"];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites {
        let branches: Vec<&Directive> = site.directives.iter().filter(|block| block.is_branch()).collect();
        let is_fallback = |block: &&&Directive| block.matcher().is_none_or(|matcher| matcher.text == "*");
        let Some(fallback) = branches.iter().find(is_fallback) else { continue };
        for name in EVERYWHERE {
            let sets = |directives: &[Directive]| {
                directives
                    .iter()
                    .filter(|directive| directive.is("header"))
                    .flat_map(Field::all)
                    .any(|field| field.is(name) && field.operation() != Operation::Delete)
            };
            let Some(field) = set_for_all(fallback, name) else { continue };
            if sets(&site.directives) {
                continue;
            }
            let others = branches.iter().filter(|block| !is_fallback(block));
            let Some(other) = others
                .filter(|block| serves(block))
                .find(|block| !block.walk().any(|inner| sets(&inner.block)) && !proxies_set(block, name))
            else {
                continue;
            };
            found.push(
                RULE.finding(lint, field.word, format!("other blocks of this site answer without `{name}`"))
                    .also(other.name.span, "responses of this block do not have it")
                    .help(format!("move it to the level of the site: `header ?{name} …`")),
            );
            // The cause is the same for the other fields.
            break;
        }
    }
}

/// The line that sets the field for every request of the block.
fn set_for_all<'t>(block: &'t Directive<'t>, name: &str) -> Option<Field<'t>> {
    let headers = block.block.iter().filter(|line| line.is("header") && line.matcher().is_none());
    headers.flat_map(Field::all).find(|field| field.is(name) && field.value().is_some())
}

/// Whether clients get contents from the block, and not only a redirect or an error.
fn serves(block: &Directive) -> bool {
    block
        .block
        .iter()
        .any(|line| line.answer != Answer::Never && !line.refuses() && !line.is("redir") && !line.is("error"))
}

/// Whether a proxy in the block sets the field on the way back.
fn proxies_set(block: &Directive, name: &str) -> bool {
    block.walk().filter(|line| line.is("header_down")).flat_map(Field::all).any(|field| field.is(name))
}
