//! Header fields whose name is none that was meant.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C040", "header-name"),
    severity: Severity::Warning,
    summary: "A header field whose name is invalid, or is a word such as `set`",
    page: "\
The name of a header field can contain letters, digits and ``!#$%&'*+-.^_`|~``, but no other characters.

## Why

Caddy accepts any name when it loads the file. When it sends the field, it drops the field, or the request fails.
`Field = value` is not an assignment: it searches the field for `=` and replaces it. `set`, `add`, `remove` and
similar words are not keywords: each is read as the name of a field.

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

Never. A name that contains a placeholder is not reported.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

/// What other servers have before the name, and what belongs into the block of a proxy.
const WORDS: [&str; 7] = ["set", "add", "remove", "delete", "replace", "header_up", "header_down"];

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
