//! `redir /target 307`, whose target is read as a matcher.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C016", "redir-target-as-matcher"),
    severity: Severity::Warning,
    summary: "A `redir /target 307`, where the target is read as a matcher and the code as the target",
    page: "\
If `redir` has two arguments and the first starts with `/`, the first is the matcher. `redir /new 301` redirects
requests for `/new` to the relative address `301`.

## Why

Requests for other paths are not redirected, and usually get an empty response.

## Wrong

```caddyfile
example.com {
	handle /old {
		redir /new 307
	}
	file_server
}
```

## Right

```caddyfile
example.com {
	handle /old {
		redir * /new 307
	}
	file_server
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/redir
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.named("redir") {
        let [target, code] = directive.args else { continue };
        let is_code = matches!(code.text.as_str(), "permanent" | "temporary" | "html")
            || (code.text.len() == 3
                && code.text.starts_with('3')
                && code.text.bytes().all(|b| b.is_ascii_digit()));
        if !is_code || !target.text.starts_with('/') {
            continue;
        }
        let written = lint.written(target);
        found.push(
            RULE.finding(
                lint,
                target,
                format!("`{written}` is read as a matcher, and `{}` as the target", code.text),
            )
            .help(format!("write a matcher before it: `redir * {written} {}`", code.text))
            .edit(target.span, format!("* {written}"), false),
        );
    }
}
