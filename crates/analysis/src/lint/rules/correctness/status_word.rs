//! A status that is not a number.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C080", "status-not-a-number"),
    severity: Severity::Warning,
    summary: "A status that is neither a number nor a placeholder, which fails every request",
    page: "\
Caddy reads the status for each request. If it is not a number then, the request fails with status 500.

## Why

The whole site, or the path of the directive, answers with an error.

## Wrong

```caddyfile
example.com {
	respond \"moved\" moved
}
```

## Right

```caddyfile
example.com {
	respond \"moved\" 410
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/respond
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let pairs = ["respond", "error"].iter().flat_map(|name| lint.named(name));
    let of_pairs = pairs.filter_map(|directive| match directive.values() {
        [_, status] => Some(status),
        _ => None,
    });
    let lines = ["file_server", "reverse_proxy"].iter().flat_map(|name| lint.named(name));
    let of_lines = lines
        .flat_map(|directive| &directive.block)
        .filter(|line| line.is("status") || line.is("replace_status"));
    let of_lines = of_lines.filter_map(|line| line.args.last());
    let copied = lint.named("copy_response").filter_map(|directive| directive.values().first());
    for status in of_pairs.chain(of_lines).chain(copied) {
        let text = status.text.as_str();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Semicolons have a rule of their own.
        if is_number || text.contains('{') || text.ends_with(';') || text.starts_with('@') {
            continue;
        }
        found.push(
            RULE.finding(lint, status, format!("`{text}` is not a status: every request fails with 500"))
                .help("write a number from 100 to 999, such as `404`"),
        );
    }
}
