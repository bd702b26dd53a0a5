//! `handle_errors` for a status that nothing raises.

use crate::lint::{Check, Directive, Lint, Rule, Site, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Raises;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C023", "error-never-raised"),
    severity: Severity::Warning,
    summary: "A `handle_errors` for a status that only an upstream or a `respond` sends",
    page: "\
`handle_errors` handles only errors that Caddy itself raises. A 404 that an upstream or `respond 404` sends is a
normal response, and does not reach `handle_errors`.

## Why

You may test the error page with a stopped upstream and see it. But clients do not get it when the application answers
with that status.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080
	handle_errors 404 {
		respond \"Nothing here\" 404
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		@missing status 404
		handle_response @missing {
			respond \"Nothing here\" 404
		}
	}
}
```

## When it is fine

When a plugin raises the error, or when you will add a directive that does.

See https://caddyserver.com/docs/caddyfile/directives/handle_errors
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites {
        let errors = site.directives.iter().filter(|directive| directive.is("handle_errors"));
        let codes: Vec<_> =
            errors.flat_map(|errors| errors.args).filter(|code| is_of_clients(&code.text)).collect();
        if codes.is_empty() || raises(site) {
            continue;
        }
        let Some(answer) = answer(site) else { continue };
        for code in codes {
            found.push(
                RULE.finding(lint, code, format!("nothing in this site raises an error {}", code.text))
                    .also(answer.name.span, "this answer is not an error")
                    .help(if answer.is("reverse_proxy") {
                        "answer it where it comes in: `handle_response` in the block of `reverse_proxy`, or `intercept`"
                    } else {
                        "write `error 404` in place of `respond 404`"
                    }),
            );
        }
    }
}

/// Whether it is a status, or the class, of faults that clients make. Those of servers are raised by proxies.
fn is_of_clients(code: &str) -> bool {
    code == "4xx"
        || (code.len() == 3 && code.starts_with('4') && code.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What answers the status instead: a proxy, or a `respond` with it.
fn answer<'a>(site: &'a Site<'a>) -> Option<&'a Directive<'a>> {
    let answers = |directive: &&Directive| {
        directive.is("reverse_proxy")
            || (directive.is("respond") && directive.values().iter().any(|word| is_of_clients(&word.text)))
    };
    let outside = site.directives.iter().filter(|directive| !directive.is("handle_errors"));
    outside.flat_map(Directive::walk).find(answers)
}

/// Whether something outside its `handle_errors` can raise such an error.
fn raises(site: &Site) -> bool {
    let outside = site.directives.iter().filter(|directive| !directive.is("handle_errors"));
    outside.flat_map(Directive::walk).any(|directive| match directive.conduct().raises {
        Raises::Often | Raises::Seldom => true,
        Raises::Asked => directive.args.iter().any(|file| file.text.starts_with('=')),
        Raises::Never => {
            directive.is_definition() && Test::of(directive).iter().any(|test| test.kind == "file")
        }
    })
}
