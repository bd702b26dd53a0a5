//! A header field that waits for the response, in a site whose errors have none.

use super::security_header_overwritten::PROTECTING;
use crate::lint::field::{Field, Operation};
use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Raises;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C081", "errors-keep-header"),
    severity: Severity::Note,
    summary: "`header -Server` or `header >Field`, which do not apply to the site's own errors",
    page: "\
`-Server` and `>Field` change the response when it is written. Errors that Caddy itself answers, such as the 404 of
`file_server` or the 401 of `basic_auth`, are written without these changes.

## Why

The 404 of the site still has `Server: Caddy`, and lacks the field that `>Field` sets (measured with Caddy 2.11.7).

## Wrong

```caddyfile
example.com {
	header -Server
	root * /srv
	file_server
}
```

## Right

```caddyfile
example.com {
	header -Server
	root * /srv
	file_server
	handle_errors {
		header -Server
		respond \"{err.status_code} {err.status_text}\"
	}
}
```

A field that no upstream sends needs no `>`: `header X-Frame-Options DENY` applies to errors, too.

## When it is fine

When errors may have the field. A site with `handle_errors`, and a site that raises no errors itself, are not reported.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites {
        if site.walk().any(|directive| directive.is("handle_errors")) {
            continue;
        }
        let raises = |directive: &&Directive| directive.conduct().raises == Raises::Often;
        let Some(raising) = site.walk().find(raises) else { continue };
        // One finding for each site: the cause is the same for all fields.
        let own = site.directives.iter().filter(|directive| directive.is("header"));
        let Some(field) = own.flat_map(Field::all).find(waits) else { continue };
        let message = format!("`{}` does not apply to the errors of this site", field.word.text);
        let finding = RULE.finding(lint, field.word, message).also(raising.name.span, "raises errors");
        found.push(if field.operation() == Operation::Delete {
            finding.help(
                "repeat the line in `handle_errors`, with a `respond` or a `file_server` for the error page",
            )
        } else {
            finding.help(format!("write `{}`, without `>`, if no upstream sends this field", field.name()))
        });
    }
}

/// Whether the field waits for the response and matters for errors. A block with other fields is the finding of
/// `deferred-header-block`.
fn waits(field: &Field) -> bool {
    if field.owner.matcher().is_some_and(|matcher| matcher.text != "*") {
        return false;
    }
    let others = field.is_in_block && field.owner.block.len() > 1;
    match field.operation() {
        Operation::Delete => field.is("Server") && !others,
        Operation::Set => {
            field.word.text.starts_with('>') && PROTECTING.iter().any(|name| field.is(name)) && !others
        }
        _ => false,
    }
}
