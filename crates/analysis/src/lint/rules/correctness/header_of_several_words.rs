//! Header values that need quotes.

use crate::lint::field::Operation;
use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C049", "header-of-several-words"),
    severity: Severity::Warning,
    summary: "A header value of several words without quotes, which searches and replaces",
    page: "\
With two words after the name, `header` searches for the first in the value and replaces it with the second. Nothing is set if the field is not there. In a block, a third word begins the next line: a field of that name.

## Why

The browser gets no `Strict-Transport-Security`, although the file has it.

## Wrong

```caddyfile
example.com {
	header Content-Security-Policy default-src 'self'
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header Content-Security-Policy \"default-src 'self'\"
	respond \"hello\"
}
```

## When it is fine

When part of a value is to be replaced, as in `header Location ^http:// https://`.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

/// Fields that nobody searches: their values have several words.
const WORDY: &[&str] = &[
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Cache-Control",
    "Content-Security-Policy",
    "Content-Security-Policy-Report-Only",
    "Feature-Policy",
    "Permissions-Policy",
    "Strict-Transport-Security",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for field in lint.fields.iter().filter(|field| field.operation() == Operation::Replace) {
        let [search, replacement, ..] = field.values else { continue };
        if search.is_quoted() || search.text == "=" {
            continue;
        }
        let goes_on = search.text.ends_with([';', ',']);
        let is_wordy =
            WORDY.iter().any(|name| field.is(name)) && !search.text.contains(['^', '(', '[', '\\', '*', '.']);
        if !goes_on && !is_wordy {
            continue;
        }
        found.push(
            RULE.finding(
                lint,
                search,
                format!("`{}` is searched for and replaced, and the field is not set", search.text),
            )
            .also(replacement.span, "what it is replaced with")
            .help(format!("put the whole value of `{}` in quotes", field.name())),
        );
    }
}
