//! A matcher whose requests an earlier one takes.

use std::collections::HashMap;

use crate::lint::pattern::Patterns;
use crate::lint::{Answer, Check, Condition, Directive, Level, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::source::Span;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C004", "covered-matcher"),
    severity: Severity::Warning,
    summary: "A matcher whose requests an earlier directive already handles",
    page: "\
Only the first matching `handle` block of a level runs, and a request that has been answered does not reach later
directives. A directive never runs if an earlier one handles every request that its matcher accepts.

## Why

Caddy sorts `handle` and `reverse_proxy` by the length of their path only if each has exactly one path. Matchers with
several paths, and everything inside `route`, keep the order of the file. Different directives run in Caddy's own
order, such as `respond` before `reverse_proxy`.

## Wrong

```caddyfile
example.com {
	@api path /api/* /v1/*
	@admin path /api/admin/* /admin/*
	route {
		reverse_proxy /api/* localhost:8080
		reverse_proxy /api/admin/* localhost:9090
	}
}
```

## Right

```caddyfile
example.com {
	route {
		reverse_proxy /api/admin/* localhost:9090
		reverse_proxy /api/* localhost:8080
	}
}
```

## When it is fine

Never: the directive has no effect.

See https://caddyserver.com/docs/caddyfile/directives#sorting-algorithm
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        check_level(lint, level, found);
    }
}

/// The conditions that have been seen, so that each further one is looked up in the time of its own length.
#[derive(Default)]
struct Taken<'a> {
    /// By name and place: a snippet's `@{args[0]}` defines several at one place.
    named: HashMap<(&'a str, Span), &'a Directive<'a>>,
    paths: Patterns<&'a Directive<'a>>,
}

impl<'a> Taken<'a> {
    fn add(&mut self, condition: Condition<'a>, directive: &'a Directive<'a>) {
        if let Condition::Named(definition) = condition {
            self.named.entry((&definition.name.text, definition.name.span)).or_insert(directive);
        }
        if condition.is_paths() {
            for path in condition.paths() {
                self.paths.insert(&path.text, directive);
            }
        }
    }

    /// What takes all requests of `condition`.
    fn find(&self, condition: Condition) -> Option<&'a Directive<'a>> {
        if let Condition::Named(definition) = condition
            && let Some(first) = self.named.get(&(definition.name.text.as_str(), definition.name.span))
        {
            return Some(first);
        }
        let takers: Option<Vec<_>> =
            condition.paths().into_iter().map(|path| self.paths.find(&path.text)).collect();
        takers?.first().copied()
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    // Only what has a matcher can be covered.
    if level.runs().iter().all(|(_, condition)| matches!(condition, Condition::Every)) {
        return;
    }
    let (mut answered, mut handled) = (Taken::default(), Taken::default());
    for &(directive, condition) in level.runs() {
        let answer = directive.answer;
        let is_handle = directive.is_branch();
        let acts = is_handle || answer > Answer::Never;
        let taker = answered.find(condition).or_else(|| handled.find(condition).filter(|_| is_handle));
        if let Some(taker) = taker.filter(|_| acts)
            && let Some(matcher) = directive.matcher()
        {
            found.push(
                RULE.finding(
                    lint,
                    matcher,
                    format!(
                        "this `{}` gets no request: an earlier `{}` takes all that match",
                        directive.name.text, taker.name.text
                    ),
                )
                .also(taker.matcher().unwrap_or(taker.name).span, "takes them")
                .help("put the more specific one first, or into the block of the other, or remove it"),
            );
        } else if acts {
            if answer == Answer::Always {
                answered.add(condition, directive);
            } else if is_handle {
                handled.add(condition, directive);
            }
        }
    }
}
