//! A guard that leaves out the path itself.

use std::collections::{HashMap, HashSet};

use crate::lint::level::Run;
use crate::lint::pattern::Patterns;
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
    // What each level has, once for all of its guards.
    let mut known: HashMap<usize, Beside> = HashMap::new();
    for (number, level) in levels.all.iter().enumerate() {
        for guard in level.directives.iter().filter(|directive| directive.is_guard()) {
            let condition = level.condition(guard);
            if !condition.is_every() {
                let beside = known.entry(number).or_insert_with(|| Beside::of(level));
                found.extend(check_paths(lint, beside, condition));
                continue;
            }
            // A block around the guard.
            let (Some(owner), Some(number)) = (level.owner, level.outer) else { continue };
            let Some(outer) = levels.all.get(number) else { continue };
            if owner.is("handle") || owner.is("route") {
                let beside = known.entry(number).or_insert_with(|| Beside::of(outer));
                found.extend(check_paths(lint, beside, outer.condition(owner)));
            }
        }
    }
}

/// What the directives of a level take.
struct Beside<'a> {
    /// Paths that guards take.
    guarded: Patterns<()>,
    /// Whether a guard takes every request.
    is_all_guarded: bool,
    /// Paths that a directive names without a star.
    named: HashSet<&'a str>,
    /// Paths of what answers without a guard, with its place in the order.
    open: Patterns<usize>,
    /// The first that answers everything without a guard.
    open_to_all: Option<usize>,
    runs: &'a [Run<'a>],
}

impl<'a> Beside<'a> {
    fn of(level: &'a Level<'a>) -> Self {
        let mut found = Self {
            guarded: Patterns::default(),
            is_all_guarded: false,
            named: HashSet::new(),
            open: Patterns::default(),
            open_to_all: None,
            runs: level.runs(),
        };
        for (place, (directive, condition)) in level.runs().iter().enumerate() {
            let paths = condition.paths();
            found.named.extend(paths.iter().map(|path| path.text.as_str()));
            let (is_guard, is_open) = (directive.is_guard(), is_open(directive));
            if condition.is_every() {
                found.is_all_guarded |= is_guard;
                found.open_to_all = found.open_to_all.or(is_open.then_some(place));
            } else if condition.is_paths() {
                for path in paths {
                    if is_guard {
                        found.guarded.insert(&path.text, ());
                    }
                    if is_open {
                        found.open.insert(&path.text, place);
                    }
                }
            }
        }
        found
    }

    /// Whether a guard takes the path, or a directive names it and so knows what it does.
    fn is_known(&self, path: &str) -> bool {
        self.is_all_guarded || self.named.contains(path) || self.guarded.find(path).is_some()
    }

    /// What answers the path without a guard.
    fn answers(&self, path: &str) -> Option<&'a Directive<'a>> {
        let place = self.open.least(path).into_iter().chain(self.open_to_all).min()?;
        Some(self.runs[place].0)
    }
}

/// What is open beside a guard that takes the requests of `condition`.
fn check_paths<'a>(lint: &Lint, beside: &Beside<'a>, condition: Condition<'a>) -> Option<Diagnostic> {
    let paths = condition.paths();
    let path = paths.iter().find_map(|path| open(path, &paths))?;
    let name = path.text.trim_end_matches("/*");
    if !condition.is_paths() || beside.is_known(name) {
        return None;
    }
    let answers = beside.answers(name)?;
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
