//! A conversion in an expression that fails on some requests.

use crate::lint::{Check, Lint, Rule, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C019", "expression-conversion"),
    severity: Severity::Warning,
    summary: "An expression that converts client input, and fails if the input is not a number",
    page: "\
`int({query.page})` fails if the parameter is missing or not a number. The client then gets a 500, even if a later
route would match.

## Why

Caddy evaluates an expression for every request that reaches the directive, not only for the requests that you have in
mind.

## Wrong

```caddyfile
example.com {
	@far `int({query.page}) > 100`
	respond @far \"too far\" 400
}
```

## Right

```caddyfile
example.com {
	@far `{query.page}.matches(\"^[0-9]{1,9}$\") && int({query.page}) > 100`
	respond @far \"too far\" 400
}
```

## When it is fine

When the value is always a number, such as one that `map` sets.

See https://caddyserver.com/docs/caddyfile/matchers#expression
",
    check: Check::Each(check),
};

const CONVERSIONS: [&str; 5] = ["int(", "uint(", "double(", "duration(", "timestamp("];

/// How placeholders begin that stand for something that a client sends.
const SENT: [&str; 10] = [
    "{cookie.",
    "{header.",
    "{host",
    "{path",
    "{query.",
    "{re.",
    "{http.request.cookie.",
    "{http.request.header.",
    "{http.request.uri.",
    "{http.regexp.",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let definitions = lint.walk();
    for definition in definitions.filter(|directive| directive.is_definition()) {
        for test in Test::of(definition).iter().filter(|test| test.kind == "expression") {
            for word in test.args.iter().filter(|word| !word.text.contains("matches(")) {
                let Some(conversion) = conversion(lint.written(word)) else { continue };
                found.push(
                    RULE.finding(
                        lint,
                        word,
                        format!("`{conversion}` fails if the value is not of that form"),
                    )
                    .label("clients get a 500 then")
                    .help("check the value first: `{value}.matches(\"^[0-9]{1,9}$\") && …`"),
                );
            }
        }
    }
}

/// The first conversion of something that a client sends.
fn conversion(expression: &str) -> Option<&str> {
    CONVERSIONS.iter().find_map(|name| {
        let at = expression.match_indices(name).map(|(at, _)| at).find(|at| {
            !expression[..*at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.'))
        })?;
        let rest = &expression[at..];
        let call = &rest[..=rest.find(')')?];
        SENT.iter().any(|placeholder| call.contains(placeholder)).then_some(call)
    })
}
