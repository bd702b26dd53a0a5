//! A guard that leaves out the path itself.

use crate::lint::{Check, Condition, Directive, Level, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S007", "guard-beside-open-path"),
    severity: Severity::Warning,
    summary: "A login for `/admin/*` next to a handler that also answers `/admin`",
    page: "\
`/admin/*` matches everything below `/admin/`, and not `/admin` itself. Another handler of the site answers that path, without the guard.

## Why

Many applications serve the same page at `/admin` and `/admin/`.

## Wrong

```caddyfile
example.com {
	basic_auth /admin/* {
		bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	@admin path /admin /admin/*
	basic_auth @admin {
		bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	reverse_proxy localhost:8080
}
```

## When it is fine

When the application answers `/admin` with a redirect or nothing. A `file_server` redirects a folder to the path with a slash, and is not reported.

See https://caddyserver.com/docs/caddyfile/matchers#path-matchers
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    for level in &levels.all {
        for guard in level.directives.iter().filter(|directive| directive.is_guard()) {
            let condition = level.condition(guard);
            if !condition.is_every() {
                found.extend(check_paths(lint, level, guard, condition));
                continue;
            }
            // A block around the guard.
            let (Some(owner), Some(outer)) =
                (level.owner, level.outer.and_then(|outer| levels.all.get(outer)))
            else {
                continue;
            };
            if owner.is("handle") || owner.is("route") {
                found.extend(check_paths(lint, outer, owner, outer.condition(owner)));
            }
        }
    }
}

/// What is open beside `guard`, which takes the requests of `condition` in `level`.
fn check_paths<'a>(
    lint: &Lint,
    level: &'a Level<'a>,
    guard: &'a Directive<'a>,
    condition: Condition<'a>,
) -> Option<Diagnostic> {
    let paths = condition.paths();
    let path = paths.iter().find_map(|path| open(path, &paths))?;
    let name = path.text.trim_end_matches("/*");
    if !condition.is_paths() {
        return None;
    }
    let takes = |other: Condition| other.is_every() || other.cover().touches_path(name);
    let is_exact = |other: Condition| other.paths().iter().any(|other| other.text == name);
    let others = || level.runs().iter().filter(|(other, _)| other.name.span != guard.name.span);
    // Another guard takes it, or what answers this very path knows what it does.
    if others().any(|(other, condition)| (other.is_guard() && takes(*condition)) || is_exact(*condition)) {
        return None;
    }
    let (answers, _) = others().find(|(other, condition)| takes(*condition) && is_open(other))?;
    Some(
        RULE.finding(
            lint,
            path,
            format!("`{name}` itself is open: `{}` matches only what is below it", path.text),
        )
        .also(answers.name.span, "answers it without the guard")
        .help(format!("write a named matcher with `path {name} {name}/*`")),
    )
}

/// A path that ends in `/*`, when nothing beside it takes the path without that.
fn open<'a>(path: &'a Word, all: &[&'a Word]) -> Option<&'a Word> {
    let name = path.text.strip_suffix("/*").filter(|name| name.len() > 1 && pattern::is_literal(name))?;
    let is_taken = all.iter().any(|other| other.span != path.span && pattern::covers(&other.text, name));
    (!is_taken).then_some(path)
}

/// Whether an application gets what it takes, and nobody asks who sends it.
fn is_open(directive: &Directive) -> bool {
    let serves = |found: &Directive| matches!(found.conduct().serves, Serves::Upstream | Serves::Program);
    directive.walk().any(serves) && !directive.walk().any(Directive::is_guard)
}
