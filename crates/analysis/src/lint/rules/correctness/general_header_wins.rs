//! A `header` for every request that overrides one for some.

use std::collections::HashMap;

use super::header_and_upstream::plain_fields;
use crate::lint::{Check, Condition, Directive, Level, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C015", "general-header-wins"),
    severity: Severity::Warning,
    summary: "A `header` without a matcher that overrides one with a matcher",
    page: "\
Caddy sorts `header` lines by their matchers, the most specific first, and applies every line that matches. The line
without a matcher comes last, sets the field again, and overrides the others.

## Why

The file looks like a default with exceptions, but no exception has an effect.

## Wrong

```caddyfile
example.com {
	@assets path /assets/*
	header @assets Cache-Control max-age=31536000
	header Cache-Control no-cache
	file_server
}
```

## Right

```caddyfile
example.com {
	@assets path /assets/*
	header @assets Cache-Control max-age=31536000
	header ?Cache-Control no-cache
	file_server
}
```

`?Field` sets a field only if it is not set yet.

## When it is fine

Never: the more specific line has no effect.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        check_level(lint, level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let mut specific: HashMap<String, (&Word, Option<&Word>)> = HashMap::new();
    for &(directive, condition) in level.runs().iter().filter(|(directive, _)| directive.is("header")) {
        if !matches!(condition, Condition::Every) {
            for field in plain_fields(directive) {
                let value = value_of(directive, field);
                specific.entry(field.text.to_lowercase().to_string()).or_insert((field, value));
            }
            continue;
        }
        // What waits for the answer overrides what was set before, too.
        for field in set_fields(directive) {
            let name = field.text.trim_start_matches('>');
            let Some((first, value)) = specific.get(name.to_lowercase().as_str()) else { continue };
            // The same value overrides nothing.
            if value.map(|word| &word.text) == value_of(directive, field).map(|word| &word.text) {
                continue;
            }
            found.push(
                RULE.finding(lint, field, format!("this `{name}` overrides the one with a matcher"))
                    .label("runs last, for every request")
                    .also(first.span, "has no effect")
                    .help(format!("write `?{name}` to set it only where it is missing"))
                    .edit(field.span, format!("?{}", lint.written(field).trim_start_matches('>')), false),
            );
        }
    }
}

/// The value that a `header` gives to `field`, a word of it.
fn value_of<'a>(directive: &Directive<'a>, field: &Word) -> Option<&'a Word> {
    let is_it = |word: &Word| word.span == field.span;
    match directive.values() {
        [name, value, ..] if is_it(name) => Some(value),
        _ => directive.block.iter().find(|line| is_it(line.name))?.args.first(),
    }
}

/// The fields that a `header` sets, at once or later.
fn set_fields<'a>(directive: &Directive<'a>) -> Vec<&'a Word> {
    let sets = |word: &&Word| !word.text.starts_with(['+', '-', '?']);
    match directive.values() {
        [field, _] => Some(field).filter(sets).into_iter().collect(),
        [] if directive.line("match").is_none() => {
            let lines = directive.block.iter().filter(|line| line.args.len() == 1);
            lines.map(|line| line.name).filter(sets).collect()
        }
        _ => Vec::new(),
    }
}
