//! A directive behind one that has answered every request already.

use super::answer_before_proxy::is_fixed;
use crate::lint::{Answer, Check, Level, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C002", "unreachable-handler"),
    severity: Severity::Warning,
    summary: "A directive that runs after another one has answered every request",
    page: "\
A `reverse_proxy`, `file_server`, `respond`, `redir`, `error` or `abort` without a matcher answers every request.
Directives that run after it in the same block never get a request.

## Why

Caddy sorts the directives of a block, so `file_server` runs after `reverse_proxy` wherever you write it. Inside
`route`, directives run in the order of the file, so a `header` after `reverse_proxy` is too late.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080
	file_server
}
```

## Right

```caddyfile
example.com {
	reverse_proxy /api/* localhost:8080
	file_server
}
```

## When it is fine

Never. To keep a directive for later, comment it out.

See https://caddyserver.com/docs/caddyfile/directives#sorting-algorithm
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        check_level(lint, level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let Some((first, later)) = level.after_last() else { return };
    for (directive, _) in later {
        let both_blocks = first.is_branch() && directive.is_branch();
        // Elsewhere whatever does not answer has run before, or has been written to run last on purpose.
        let late = level.keeps_order() || directive.answer > Answer::Never;
        let is_answer_before_proxy = !level.keeps_order() && is_fixed(first) && !is_fixed(directive);
        if both_blocks || !late || is_answer_before_proxy {
            continue;
        }
        let (name, other) = (&directive.name.text, &first.name.text);
        let by = if name == other { "an earlier one".to_owned() } else { format!("`{other}`") };
        let message = format!("this `{name}` never runs: {by} answers every request before it");
        found.push(
            RULE.finding(lint, directive.name, message)
                .label("sees no request")
                .also(first.name.span, "answers every request")
                .help(if level.keeps_order() {
                    format!("move it before `{}`: in `route` directives run as written", first.name.text)
                } else {
                    format!("give `{}` a matcher, or remove one of them", first.name.text)
                }),
        );
    }
}
