//! A matcher that its own rewrite makes untrue.

use crate::lint::{Answer, Check, Condition, Level, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C063", "rewrite-then-matcher"),
    severity: Severity::Warning,
    summary: "A `rewrite` and another directive with one matcher, which no longer matches after the rewrite",
    page: "\
Caddy asks the matcher of each directive anew. After `rewrite @m`, the path is another one, and the next directive with `@m` does not match.

## Why

The request goes to whatever comes next: another upstream, or an empty page.

## Wrong

```caddyfile
example.com {
	@callback path /callback
	rewrite @callback /auth{uri}
	reverse_proxy @callback localhost:9402
	reverse_proxy localhost:9403
}
```

## Right

```caddyfile
example.com {
	@callback path /callback
	handle @callback {
		rewrite * /auth{uri}
		reverse_proxy localhost:9402
	}
	handle {
		reverse_proxy localhost:9403
	}
}
```

## When it is fine

When the second directive is for requests that already have the new path.

See https://caddyserver.com/docs/caddyfile/matchers
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        check_level(lint, level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let runs = level.runs();
    for (at, (rewrite, condition)) in runs.iter().enumerate().filter(|(_, (run, _))| run.is("rewrite")) {
        let paths = condition.paths();
        let Some(target) = rewrite.args.last() else { continue };
        let certain = target.text.find(['{', '?', '*']).unwrap_or(target.text.len());
        let certain = &target.text[..certain];
        let matches = |path: &&caddyctl_language::syntax::Word| {
            let known = pattern::is_literal(&path.text) || pattern::prefix(&path.text).is_some();
            let whole = certain.len() == target.text.len();
            !known
                || pattern::covers(&path.text, certain)
                || (!whole && path.text.to_lowercase().starts_with(&certain.to_lowercase()))
        };
        if paths.is_empty() || certain.len() < 2 || !certain.starts_with('/') || paths.iter().any(matches) {
            continue;
        }
        let later = runs[at + 1..].iter().find(|(other, other_condition)| {
            other.answer > Answer::Never && is_same(*condition, *other_condition)
        });
        let Some((later, _)) = later else { continue };
        let matcher = later.matcher().unwrap_or(later.name);
        found.push(
            RULE.finding(
                lint,
                matcher,
                format!(
                    "`{}` does not match after `rewrite`, so `{}` does not run",
                    matcher.text, later.name.text
                ),
            )
            .also(rewrite.name.span, "changes the path first")
            .help("put both into a `handle` with this matcher"),
        );
    }
}

/// Whether two conditions are one and the same.
fn is_same(one: Condition, other: Condition) -> bool {
    match (one, other) {
        (Condition::Path(a), Condition::Path(b)) => a.text == b.text,
        (Condition::Named(a), Condition::Named(b)) => a.name.span == b.name.span,
        _ => false,
    }
}
