//! Secrets that stand in the Caddyfile.

use crate::lint::field::Field;
use crate::lint::{Check, Lint, Rule, Walk};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S044", "secret-in-file"),
    severity: Severity::Warning,
    summary: "A secret in the Caddyfile",
    page: "\
The Caddyfile contains a password, key or token.

## Why

Caddyfiles are shared, copied and committed, and the admin API shows the configuration. Put secrets in environment
variables or separate files.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up Authorization \"Bearer 0123456789abcdef\"
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up Authorization \"Bearer {env.UPSTREAM_TOKEN}\"
	}
}
```

## When it is fine

When the value is not secret, such as one in an example. State that in a comment.

See https://caddyserver.com/docs/caddyfile/concepts
",
    check: Check::Each(check),
};

/// Lines whose value is a secret.
const NAMES: [&str; 12] = [
    "mac_key",
    "password",
    "secret",
    "client_secret",
    "api_token",
    "api_key",
    "api_secret",
    "auth_token",
    "access_token",
    "secret_key",
    "secret_access_key",
    "token",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let options = Walk::through(lint.options);
    for line in options.chain(lint.walk()) {
        let name = line.name.text.as_str();
        let secret = if NAMES.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
            line.args.last()
        } else if matches!(name, "dns" | "acme_dns") && line.args.len() == 2 {
            line.args.last().filter(|word| word.text.len() >= 16)
        } else {
            Field::all(line).into_iter().find_map(|field| {
                let value =
                    field.value().filter(|_| field.is("Authorization") || field.is("Proxy-Authorization"))?;
                let (_, rest) = value.text.split_once(' ')?;
                (rest.trim().len() >= 8).then_some(value)
            })
        };
        let Some(secret) = secret.filter(|word| word.text.len() >= 8) else { continue };
        // What comes from the environment, a file or an argument is not written here.
        if lint.written(secret).contains('{') || secret.text.contains('{') {
            continue;
        }
        found.push(
            RULE.finding(lint, line.name, format!("`{name}` has its secret written into the file"))
                .help("put it into the environment, and write `{$NAME}` in its place"),
        );
    }
}
