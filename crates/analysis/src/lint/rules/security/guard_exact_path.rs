//! A login for one exact path.

use std::collections::HashSet;

use crate::lint::{Answer, Check, Directive, Level, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S005", "guard-exact-path"),
    severity: Severity::Warning,
    summary: "A login for a path without a star, while another directive answers all paths",
    page: "\
A path without a star matches only itself. A login for `/admin` does not apply to `/admin/` or any path below it.

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

When no path below it exists.

See https://caddyserver.com/docs/caddyfile/matchers#path
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        let mut guards = level.directives.iter().filter(|directive| directive.is_guard()).peekable();
        if guards.peek().is_some() {
            let answers = Answers::of(level);
            found.extend(guards.filter_map(|guard| check_guard(lint, level, guard, &answers)));
        }
    }
}

/// What answers in a level.
struct Answers<'a> {
    /// The paths that something answers.
    paths: HashSet<&'a str>,
    /// The first that hands out whatever is asked for: its place among those that run.
    all: Option<usize>,
    /// Those that do so below some paths.
    below: pattern::Patterns<usize>,
}

impl<'a> Answers<'a> {
    fn of(level: &Level<'a>) -> Self {
        let mut answers = Self { paths: HashSet::new(), all: None, below: pattern::Patterns::default() };
        for (at, (directive, condition)) in level.runs().iter().enumerate() {
            if directive.answer == Answer::Never {
                continue;
            }
            let paths = condition.paths();
            answers.paths.extend(paths.iter().map(|path| path.text.as_str()));
            if !matches!(directive.conduct().serves, Serves::Upstream | Serves::Files | Serves::Program) {
                continue;
            }
            if condition.is_every() {
                answers.all.get_or_insert(at);
            }
            for path in paths {
                answers.below.insert(&path.text, at);
            }
        }
        answers
    }
}

fn check_guard<'a>(
    lint: &Lint,
    level: &Level<'a>,
    guard: &'a Directive<'a>,
    answers: &Answers,
) -> Option<Diagnostic> {
    let condition = level.condition(guard);
    let paths = condition.paths();
    let [path] = paths.as_slice() else { return None };
    let name = path.text.trim_end_matches('/');
    // A name with a dot is a file, and has nothing below it.
    let is_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if !condition.is_paths() || !pattern::is_literal(&path.text) || name.is_empty() || is_file {
        return None;
    }
    // What answers this path alone is all that the login is for.
    if answers.paths.contains(path.text.as_str()) {
        return None;
    }
    let below = answers.below.least(&format!("{name}/x"));
    let (open, _) = level.runs()[answers.all.into_iter().chain(below).min()?];
    let finding = RULE
        .finding(lint, path, format!("the login is for `{}` alone, not for `{name}/…`", path.text))
        .also(open.name.span, "answers the paths below without a login")
        .help(format!("write `{name}*`, or a named matcher with `path {name} {name}/*`"));
    if lint.written(path) != path.text {
        return Some(finding);
    }
    Some(finding.edit(path.span, format!("{name}*"), false))
}
