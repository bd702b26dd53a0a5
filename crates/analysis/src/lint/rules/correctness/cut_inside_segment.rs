//! A prefix that is stripped in the middle of a segment.

use crate::lint::{Check, Condition, Directive, Level, Levels, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C007", "cut-inside-segment"),
    severity: Severity::Warning,
    summary: "A `handle_path /pre*` or `uri strip_prefix` that turns `/prefix` into `/fix`",
    page: "\
`handle_path /pre*` also matches `/prefix/x`, and passes it on as `/fix/x`. `uri strip_prefix /pre` does the same: it
removes the letters even in the middle of a path segment.

## Why

The upstream gets a path that no client requested, and may answer it.

## Wrong

```caddyfile
example.com {
	handle_path /app* {
		reverse_proxy localhost:8080
	}
}
```

## Right

```caddyfile
example.com {
	redir /app /app/
	handle_path /app/* {
		reverse_proxy localhost:8080
	}
}
```

## When it is fine

When no other path of the site starts with these letters.

See https://caddyserver.com/docs/caddyfile/directives/handle_path
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    for level in &levels.all {
        for directive in &level.directives {
            match directive.name.text.as_str() {
                "handle_path" => check_block(lint, directive, found),
                "uri" => check_strip(lint, levels, level, directive, found),
                _ => {}
            }
        }
    }
}

fn check_block(lint: &Lint, directive: &Directive, found: &mut Vec<Diagnostic>) {
    let Some(path) = directive.args.first() else { return };
    let Some(prefix) = pattern::prefix(&path.text).filter(|prefix| !prefix.ends_with('/')) else { return };
    // Examples made of the value of a variable would show pieces of it.
    if lint.may_hold_variable(path) {
        let message =
            format!("`handle_path {}` cuts inside a segment of longer paths too", lint.written(path));
        let finding = RULE.finding(lint, path, message);
        found.push(finding.help("let the path end with `/*`, and redirect the path itself to that with `/`"));
        return;
    }
    let finding = RULE
        .finding(lint, path, format!("`handle_path {}` also turns `{prefix}xyz` into `/xyz`", path.text))
        .help(format!(
            "write `{prefix}/*`, and above it `redir {prefix} {prefix}/` for requests of `{prefix}` itself"
        ));
    found.push(if lint.written(path) == path.text {
        finding.edit(path.span, format!("{prefix}/*"), false)
    } else {
        finding
    });
}

fn check_strip<'a>(
    lint: &Lint,
    levels: &Levels<'a>,
    level: &'a Level<'a>,
    directive: &'a Directive<'a>,
    found: &mut Vec<Diagnostic>,
) {
    let [operation, prefix] = directive.values() else { return };
    if operation.text != "strip_prefix" || !pattern::is_literal(&prefix.text) || prefix.text.len() < 2 {
        return;
    }
    let bounded = |condition: Condition| {
        let paths = condition.paths();
        !paths.is_empty() && paths.iter().all(|path| pattern::lies_in(&path.text, &prefix.text))
    };
    let mut around = levels.conditions(level);
    if prefix.text.ends_with('/') || bounded(level.condition(directive)) || around.any(bounded) {
        return;
    }
    let text = if lint.may_hold_variable(prefix) { lint.written(prefix) } else { prefix.text.as_str() };
    let finding = RULE
        .finding(lint, prefix, format!("this also turns `{text}xyz` into `/xyz`"))
        .help(format!("put it into `handle {text}/*`, or write `handle_path {text}/*` in its place"));
    // No request goes to another route for it, as with `handle_path`.
    found.push(finding.with_severity(Severity::Note));
}
