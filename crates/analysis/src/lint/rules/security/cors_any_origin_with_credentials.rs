//! CORS that allows every origin and credentials.

use crate::lint::field::Field;
use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S040", "cors-any-origin-with-credentials"),
    severity: Severity::Warning,
    summary: "CORS that allows any origin together with credentials",
    page: "\
`Access-Control-Allow-Origin` is `*` or the origin that the client sent, and `Access-Control-Allow-Credentials` is
`true`.

## Why

With `*`, browsers refuse the response, so credentials do not work. With `{header.Origin}` they accept it, and every
website can read what your logged-in users can read.

## Wrong

```caddyfile
example.com {
	header {
		Access-Control-Allow-Origin {header.Origin}
		Access-Control-Allow-Credentials true
	}
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	@friend header Origin https://app.example.com
	header @friend {
		Access-Control-Allow-Origin https://app.example.com
		Access-Control-Allow-Credentials true
		Vary Origin
	}
	reverse_proxy localhost:8080
}
```

## When it is fine

When a matcher accepts only known origins.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

const ORIGIN: &str = "{http.request.header.Origin}";

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let headers = lint.levels.all.iter().flat_map(|level| {
        let all: Vec<_> = level.directives.iter().filter(|directive| directive.is("header")).collect();
        let allows = |directive: &Directive| {
            let fields = Field::all(directive);
            let mut values = fields.filter(|field| field.is("Access-Control-Allow-Credentials"));
            values.any(|field| field.value().is_some_and(|word| word.text.eq_ignore_ascii_case("true")))
        };
        let matcher = |directive: &Directive| directive.matcher().map(|word| word.text.clone());
        // Both fields may be in one block, or in lines of their own for the same requests.
        let allowed: Vec<_> =
            all.iter().filter(|directive| allows(directive)).map(|found| matcher(found)).collect();
        let is_allowed = move |directive: &Directive| {
            let own = matcher(directive);
            allowed.iter().any(|other| *other == own || other.is_none())
        };
        all.into_iter().filter(move |directive| is_allowed(directive))
    });
    for directive in headers {
        let fields: Vec<_> = Field::all(directive).collect();
        let value = |name| fields.iter().filter(|field| field.is(name)).find_map(Field::value);
        let Some(origin) = value("Access-Control-Allow-Origin") else { continue };
        let is_matched = directive.matcher().is_some_and(|matcher| matcher.text.starts_with('@'));
        let message = if origin.text == "*" {
            "browsers refuse `*` together with credentials"
        } else if origin.text.eq_ignore_ascii_case(ORIGIN) && !is_matched {
            "every site may read what is behind the users' credentials"
        } else {
            continue;
        };
        found.push(
            RULE.finding(lint, origin, message)
                .help("name the one origin, or match the known ones with `@friend header Origin https://…`"),
        );
    }
}
