//! Blocks for paths that exclude each other.

use crate::lint::{Check, Condition, Level, Levels, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C064", "nested-path-never-matches"),
    severity: Severity::Warning,
    summary: "A `handle` for a path inside a `handle` for another path",
    page: "\
The outer block takes only requests for its own path, and the inner one none of these.

## Why

A path inside `handle` is still the whole path. Only `handle_path` takes the prefix away.

## Wrong

```caddyfile
example.com {
	handle /app/* {
		handle /api/* {
			reverse_proxy localhost:8080
		}
	}
}
```

## Right

```caddyfile
example.com {
	handle /app/* {
		handle /app/api/* {
			reverse_proxy localhost:8080
		}
	}
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/handle
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let is_changing = |level: &Level| level.runs().iter().any(|(run, _)| changes_path(&run.name.text));
    // Once for each level: a level is outside of many others.
    let changing: Vec<bool> = lint.levels.all.iter().map(is_changing).collect();
    for (level, is_changing) in lint.levels.all.iter().zip(&changing) {
        let Some(outer) = around(&lint.levels, level, &changing).filter(|_| !is_changing) else { continue };
        for (directive, condition) in level.runs() {
            let paths = condition.paths();
            let Some(path) = paths.first().filter(|_| are_apart(outer, *condition)) else { continue };
            let first = outer.paths();
            let Some(first) = first.first() else { continue };
            found.push(
                RULE.finding(
                    lint,
                    path,
                    format!("`{} {}` never runs inside `{}`", directive.name.text, path.text, first.text),
                )
                .also(first.span, "only these requests come here")
                .help("write the whole path, or `handle_path` outside to take its prefix away"),
            );
        }
    }
}

/// The condition of the block that `level` is, if the level around it leaves the path as it is. `changing` has whether a level
/// changes it.
fn around<'a>(levels: &'a Levels<'a>, level: &'a Level<'a>, changing: &[bool]) -> Option<Condition<'a>> {
    let owner = level.owner.filter(|owner| owner.is("handle") || owner.is("route"))?;
    let number = level.outer?;
    let outer = levels.all.get(number)?;
    (!changing.get(number)?).then(|| outer.condition(owner))
}

fn changes_path(name: &str) -> bool {
    matches!(name, "rewrite" | "uri" | "try_files" | "php_fastcgi")
}

/// Whether no path is in both conditions.
fn are_apart(outer: Condition, inner: Condition) -> bool {
    let known = |path: &str| {
        (pattern::is_literal(path) || pattern::prefix(path).is_some()).then(|| path.to_lowercase())
    };
    let all = |condition: Condition| -> Option<Vec<String>> {
        condition.paths().iter().map(|path| known(&path.text)).collect()
    };
    let (Some(outer), Some(inner)) = (all(outer), all(inner)) else { return false };
    let meet = |a: &String, b: &String| match (a.strip_suffix('*'), b.strip_suffix('*')) {
        (None, None) => a == b,
        (Some(a), None) => b.starts_with(a),
        (None, Some(b)) => a.starts_with(b),
        (Some(a), Some(b)) => a.starts_with(b) || b.starts_with(a),
    };
    !outer.is_empty() && !inner.is_empty() && !outer.iter().any(|a| inner.iter().any(|b| meet(a, b)))
}
