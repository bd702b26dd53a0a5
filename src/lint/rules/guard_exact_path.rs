//! A login for one exact path.

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::lint::{Answer, Check, Directive, Level, Lint, Rule, pattern};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code { id: "S005", name: "guard-exact-path" },
    severity: Severity::Warning,
    summary: "a login for a path without a star, beside what answers all paths",
    page: "\
A path without a star is that path alone. A login at `/admin` is not asked for at `/admin/`, nor for anything below it.

## Why

`/admin/users` is answered without a password.

## Wrong

```caddyfile
example.com {
	basic_auth /admin {
		bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	basic_auth /admin* {
		bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	reverse_proxy localhost:8080
}
```

## When it is fine

When there is nothing below the path.

See https://caddyserver.com/docs/caddyfile/matchers#path
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        let guards = level.directives.iter().filter(|directive| is_guard(directive));
        for guard in guards {
            check_guard(lint, level, guard, found);
        }
    }
}

fn is_guard(directive: &Directive) -> bool {
    matches!(directive.name.text.as_str(), "basic_auth" | "basicauth" | "forward_auth")
}

fn check_guard<'a>(lint: &Lint, level: &Level<'a>, guard: &'a Directive<'a>, found: &mut Vec<Diagnostic>) {
    let condition = level.condition(guard);
    let paths = condition.paths();
    let [path] = paths.as_slice() else { return };
    let name = path.text.trim_end_matches('/');
    // A name with a dot is a file, and has nothing below it.
    let is_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if !condition.is_paths() || !pattern::is_literal(&path.text) || name.is_empty() || is_file {
        return;
    }
    let mut answers_all = None;
    for (directive, other) in level.runs() {
        if directive.answer == Answer::Never {
            continue;
        }
        // What answers this path alone is all that the login is for.
        if other.paths().iter().any(|other| other.text == path.text) {
            return;
        }
        let below = format!("{name}/x");
        let is_below =
            other.is_every() || other.paths().iter().any(|other| pattern::covers(&other.text, &below));
        if is_below && matches!(directive.name.text.as_str(), "reverse_proxy" | "file_server" | "php_fastcgi")
        {
            answers_all.get_or_insert(directive);
        }
    }
    let Some(open) = answers_all else { return };
    let mut finding = RULE
        .finding(lint, path, format!("the login is for `{}` alone, not for `{name}/…`", path.text))
        .also(open.name.span, "answers what lies below without a login")
        .help(format!("write `{name}*`, or a named matcher with `path {name} {name}/*`"));
    if lint.written(path) == path.text {
        finding = finding.edit(path.span, format!("{name}*"), false);
    }
    found.push(finding);
}
