//! Semicolons at the end of a line.

use std::collections::HashSet;

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::source::Span;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C069", "semicolon-in-value"),
    severity: Severity::Warning,
    summary: "A `;` at the end of a line, which becomes part of the value",
    page: "\
Lines end with the line. A `;` is part of the last word: `root * /srv;` serves the folder `/srv;`, and `respond \"hi\" 200;` fails with status 500.

## Why

In nginx each line ends with a semicolon.

## Wrong

```caddyfile
example.com {
	root * /srv/www;
	file_server
}
```

## Right

```caddyfile
example.com {
	root * /srv/www
	file_server
}
```

## When it is fine

In a value of a header field, which may end so. The rule does not report these.

See https://caddyserver.com/docs/caddyfile/concepts
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let options = crate::lint::Walk::through(lint.options);
    // Values of header fields may end so.
    let fields: HashSet<Span> = lint.fields.iter().map(|field| field.word.span).collect();
    let is_field = |line: &Directive| {
        fields.contains(&line.name.span) || line.args.iter().any(|word| fields.contains(&word.span))
    };
    for line in options.chain(lint.walk()).filter(|line| !is_field(line)) {
        let Some(last) = line.args.last() else { continue };
        let Some(rest) = last.text.strip_suffix(';').filter(|rest| !rest.is_empty()) else { continue };
        if last.is_quoted() || lint.written(last) != last.text {
            continue;
        }
        found.push(
            RULE.finding(lint, last, format!("the `;` is part of `{}`", last.text))
                .help(format!("write `{rest}`"))
                .edit(last.span, rest, false),
        );
    }
}
