//! A colon that becomes part of the name of a header field.

use crate::lint::{Check, Lint, Rule, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C047", "colon-in-header-name"),
    severity: Severity::Warning,
    summary: "A colon that becomes part of the name of a header field",
    page: "\
The colon after the name of a header field belongs to the name here, and no field has such a name.

## Why

On the line of `header` and in `header_down`, Caddy never sends the field. With `header_up` every request fails with status
502. In a matcher, `header` and `header_regexp` match no request. Caddy ignores the colon only in the block of `header` and in
`request_header`.

## Wrong

```caddyfile
example.com {
	header Strict-Transport-Security: \"max-age=31536000\"
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	header Strict-Transport-Security \"max-age=31536000\"
	respond \"hello\"
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for field in lint.fields.iter().filter(|field| !field.drops_colon()) {
        let name = field.name();
        let message = match field.owner.name.text.as_str() {
            "header_up" => {
                format!("the colon is part of the name: every request fails, because `{name}:` is not a name")
            }
            _ => format!("the colon is part of the name, so the field `{name}` is never sent"),
        };
        report(lint, field.word, message, found);
    }
    let tests = lint.walk().filter(|directive| directive.is_definition()).flat_map(Test::of);
    for test in tests {
        let (("header", [field, ..]) | ("header_regexp", [_, field, _] | [field, _])) =
            (test.kind, test.args)
        else {
            continue;
        };
        let message = format!("the colon is part of the name, so `{}` matches no request", test.kind);
        report(lint, field, message, found);
    }
}

fn report(lint: &Lint, word: &Word, message: String, found: &mut Vec<Diagnostic>) {
    let Some(name) = word.text.strip_suffix(':').filter(|name| !name.is_empty()) else { return };
    let mut finding = RULE.finding(lint, word, message).help(format!("write `{name}`"));
    if lint.written(word) == word.text {
        finding = finding.edit(word.span, name, false);
    }
    found.push(finding);
}
