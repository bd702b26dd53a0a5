//! Header fields whose name is none that was meant.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C040", "header-name"),
    severity: Severity::Warning,
    summary: "a header field whose name is not a token, or a word such as `set`",
    page: "\
A header field's name has letters, digits and ``!#$%&'*+-.^_`|~``, and nothing else.

## Why

Caddy takes any name and drops the field or fails the request when it comes to sending it. `Field = value` makes
`=` the text to search for, not an assignment: the field is then searched and replaced, not set. And
`set`, `add`, `remove` and similar words are not part of the language: each becomes a field of that name.

## Wrong

```caddyfile
example.com {
	header X-Served-By = caddy
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	header X-Served-By caddy
	reverse_proxy localhost:8080
}
```

## When it is fine

Never; a name of a placeholder is not reported.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

/// What other servers have before the name.
const WORDS: [&str; 5] = ["set", "add", "remove", "delete", "replace"];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for field in &lint.fields {
        if let Some(sign) = field.values.first().filter(|word| word.text == "=" && field.values.len() > 1) {
            found.push(
                RULE.finding(
                    lint,
                    sign,
                    format!("`=` is searched for in `{}`, not an assignment", field.name()),
                )
                .help("leave the `=` out")
                .edit(sign.span, "", false),
            );
        }
        let name = field.name();
        if WORDS.contains(&field.word.text.as_str()) {
            found.push(
                RULE.finding(lint, field.word, format!("`{name}` becomes the name of a header field here"))
                    .help("write `Field value` to set, `+Field value` to add, `-Field` to delete"),
            );
            continue;
        }
        let is_plain =
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if is_plain || name.contains('{') {
            continue;
        }
        let message = format!("`{name}` cannot be the name of a header field");
        found.push(
            RULE.finding(lint, field.word, message).help("write the name, a blank, and the value in quotes"),
        );
    }
}
