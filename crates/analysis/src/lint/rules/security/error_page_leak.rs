//! An error page that hands out what was refused.

use crate::lint::{Check, Condition, Directive, Level, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S006", "error-page-leak"),
    severity: Severity::Warning,
    summary: "A `handle_errors` that serves the file which a login or `error` refused",
    page: "\
An error keeps the path of its request. A `file_server` in `handle_errors` therefore serves the very file that `basic_auth` or `error` has just refused.

## Why

The client gets status 401 or 403, and the protected file as the body. The same happens if a `rewrite @matcher` or `try_files {path} …` in `handle_errors` leaves the path unchanged.

## Wrong

```caddyfile
example.com {
	root /srv/www
	error /private/* 403
	file_server
	handle_errors {
		file_server
	}
}
```

## Right

```caddyfile
example.com {
	root /srv/www
	error /private/* 403
	file_server
	handle_errors {
		rewrite /{err.status_code}.html
		file_server
	}
}
```

## When it is fine

When the folder of the error pages is another one, named with `root`. A `handle_errors` for other codes, such as `handle_errors 404`, is not reported.

See https://caddyserver.com/docs/caddyfile/directives/handle_errors
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    let of_site = |level: &&Level| level.site.is_some();
    for level in levels.all.iter().filter(of_site).filter(|level| level.handles_errors) {
        let Some(server) = level.directives.iter().find(|directive| serves_files(directive)) else {
            continue;
        };
        let same_site = |other: &&Level| {
            !other.handles_errors && other.site.zip(level.site).is_some_and(|(a, b)| std::ptr::eq(a, b))
        };
        let outside = || levels.all.iter().filter(same_site).flat_map(|level| level.directives.iter());
        let Some(guard) = outside().find(|directive| raises_refusal(directive)) else { continue };
        if !outside().any(|directive| serves_files(directive)) {
            continue;
        }
        // From the server outwards: what stands around it, up to `handle_errors` itself.
        let conditions = std::iter::once(level.condition(server)).chain(levels.conditions(level));
        let mut around = levels.around(level).take_while(|level| level.handles_errors).zip(conditions);
        if around.any(|(level, condition)| rewrites(level) || keeps_out(condition) || has_codes(level)) {
            continue;
        }
        found.push(
            RULE.finding(
                lint,
                server.name,
                format!("the error page of `{}` is the file that it refused", guard.name.text),
            )
            .also(guard.name.span, "raises the error")
            .help("rewrite every error to its page first, such as `rewrite /{err.status_code}.html`"),
        );
    }
}

fn serves_files(directive: &Directive) -> bool {
    matches!(directive.conduct().serves, Serves::Files | Serves::Program) && directive.line("root").is_none()
}

/// Whether it raises the error 401 or 403.
fn raises_refusal(directive: &Directive) -> bool {
    let refuses = || directive.values().iter().any(|value| matches!(value.text.as_str(), "401" | "403"));
    directive.asks_password() || (directive.is("error") && refuses())
}

/// Whether all that comes to a level gets another path, or another folder.
fn rewrites(level: &Level) -> bool {
    let is_other = |directive: &Directive| {
        directive.is("root")
            || (directive.is("rewrite")
                && directive.args.last().is_some_and(|target| {
                    !["{http.request.uri", "{http.request.orig_uri"]
                        .iter()
                        .any(|part| target.text.contains(part))
                }))
    };
    level.runs().iter().any(|(directive, condition)| condition.is_every() && is_other(directive))
}

/// Whether a condition lets only some errors through, and none of 401 and 403.
fn keeps_out(condition: Condition) -> bool {
    condition.tests().iter().any(|test| {
        let words = || std::iter::once(test.word).chain(test.args);
        words().any(|word| word.text.contains("status_code"))
            && !words()
                .any(|word| ["401", "403", ">= 400", "< 500"].iter().any(|part| word.text.contains(part)))
    })
}

/// Whether this is the block of a `handle_errors` for other errors.
fn has_codes(level: &Level) -> bool {
    level.owner.is_some_and(|owner| {
        owner.is("handle_errors")
            && !owner.args.is_empty()
            && !owner.args.iter().any(|code| matches!(code.text.as_str(), "401" | "403" | "4xx"))
    })
}
