//! A quote that is closed too late.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::directives;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C072", "swallowed-line"),
    severity: Severity::Warning,
    summary: "A quoted value that contains the next lines, because its quote is not closed",
    page: "\
A quoted value may go on over several lines. Without its closing quote, it goes on to the next quote of the file.

## Why

The lines in between are part of the value, and the directives on them do not run.

## Wrong

```caddyfile
example.com {
	header X-Frame-Options \"DENY
	header X-Content-Type-Options \"nosniff\"
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header X-Frame-Options \"DENY\"
	header X-Content-Type-Options \"nosniff\"
	respond \"hello\"
}
```

## When it is fine

In a text that shows a Caddyfile. The body of `respond` is not reported.

See https://caddyserver.com/docs/caddyfile/concepts#tokens-and-quotes
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for line in lint.walk() {
        if matches!(line.name.text.as_str(), "respond" | "error" | "expression" | "body" | "message")
            || line.is_definition()
        {
            continue;
        }
        for word in line
            .args
            .iter()
            .filter(|word| word.text.contains('\n') && lint.written(word).starts_with(['"', '`']))
        {
            let inner = word.text.lines().skip(1).filter_map(|line| line.split_whitespace().next());
            let Some(name) = inner.into_iter().find(|name| {
                directives::find(name).is_some() || matches!(*name, "header_up" | "header_down")
            }) else {
                continue;
            };
            found.push(
                RULE.finding(lint, word, format!("this value contains the line of `{name}` below it"))
                    .help("close the quote at the end of its line"),
            );
        }
    }
}
