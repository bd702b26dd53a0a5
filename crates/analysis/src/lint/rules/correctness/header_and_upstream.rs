//! A `header` that is sent together with the upstream's own.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::lint::{Answer, Check, Directive, Level, Levels, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C014", "header-beside-upstream"),
    severity: Severity::Note,
    summary: "A plain `header` before a proxy, for a field that upstreams also set",
    page: "\
A plain `header Field value` sets the field before the proxy runs. Caddy then adds the upstream's value, so clients
get the field twice.

## Why

Browsers refuse two values of `Access-Control-Allow-Origin`. Two values of `Cache-Control`, `Content-Type` or
`X-Frame-Options` can contradict each other, and of two `Content-Security-Policy` values both apply.

## Wrong

```caddyfile
example.com {
	header Cache-Control no-store
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	header >Cache-Control no-store
	reverse_proxy localhost:8080
}
```

## When it is fine

When the upstream never sends this field. `>Field` is applied to the upstream's response, and is missing from Caddy's
own error responses.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

/// Fields that applications often set, and that do harm when they come twice.
const SINGLE: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "cache-control",
    "content-disposition",
    "content-security-policy",
    "content-type",
    "expires",
    "server",
    "x-frame-options",
    "x-powered-by",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    for (level, postponed) in levels.all.iter().zip(postponed(levels)) {
        check_level(lint, level, &postponed, found);
    }
}

/// For each level, the fields that it or one around it sets for every request when the answer is written: they replace
/// whatever was set before. In lower case.
fn postponed(levels: &Levels) -> Vec<Rc<HashSet<String>>> {
    let postpones = |line: &Directive| line.is("defer") || line.name.text.starts_with(['-', '>']);
    let mut all: Vec<Rc<HashSet<String>>> = Vec::with_capacity(levels.all.len());
    for level in &levels.all {
        let mut fields = level.outer.and_then(|outer| all.get(outer)).map(Rc::clone).unwrap_or_default();
        let headers =
            level.directives.iter().filter(|header| header.is("header") && header.matcher().is_none());
        for header in headers.filter(|header| header.block.iter().any(postpones)) {
            let set = header.block.iter().filter(|line| line.args.len() == 1);
            let set = set.map(|line| line.name.text.to_lowercase().trim_start_matches('>').to_owned());
            Rc::make_mut(&mut fields).extend(set.filter(|name| !name.starts_with(['+', '-', '?'])));
        }
        all.push(fields);
    }
    all
}

fn check_level(lint: &Lint, level: &Level, postponed: &HashSet<String>, found: &mut Vec<Diagnostic>) {
    let proxies: Vec<_> =
        level.directives.iter().copied().filter(|directive| directive.is("reverse_proxy")).collect();
    let Some(first) = proxies.first() else { return };
    // A header for all of several kinds of answers may be meant for the others; one with a proxy's own matcher is not.
    let only_proxies =
        level.directives.iter().all(|other| other.is("reverse_proxy") || other.answer == Answer::Never);
    let by_matcher: HashMap<&str, &Directive> =
        proxies.iter().filter_map(|proxy| Some((proxy.matcher()?.text.as_str(), *proxy))).collect();
    for directive in level.directives.iter().filter(|directive| directive.is("header")) {
        let matched = directive.matcher().and_then(|matcher| by_matcher.get(matcher.text.as_str()));
        let proxy = if level.condition(directive).is_every() {
            only_proxies.then_some(*first)
        } else {
            matched.copied()
        };
        let Some(proxy) = proxy else { continue };
        for field in plain_fields(directive) {
            let name = field.text.to_lowercase();
            if SINGLE.contains(&name.as_str()) && !postponed.contains(name.as_str()) && !removes(proxy, &name)
            {
                found.push(
                    RULE.finding(
                        lint,
                        field,
                        format!("if the upstream sends `{0}` too, clients get both", field.text),
                    )
                    .also(proxy.name.span, "its own field is added to this one")
                    .help(format!("write `>{}` to replace what the upstream sends", field.text))
                    .edit(field.span, format!(">{}", lint.written(field)), false),
                );
            }
        }
    }
}

/// The fields that a `header` sets when it runs, before there is an answer.
pub(super) fn plain_fields<'a>(directive: &Directive<'a>) -> Vec<&'a Word> {
    let is_plain = |word: &&Word| !word.text.starts_with(['+', '-', '?', '>']);
    if let Some(field) = directive.values().first() {
        // Three words replace a text inside a field.
        let sets = directive.values().len() == 2 && directive.block.is_empty();
        return Some(field).filter(is_plain).filter(|_| sets).into_iter().collect();
    }
    let waits =
        |line: &Directive| line.is("defer") || line.is("match") || line.name.text.starts_with(['-', '>']);
    if directive.block.iter().any(waits) {
        return Vec::new();
    }
    directive
        .block
        .iter()
        .filter(|line| line.args.len() == 1)
        .map(|line| line.name)
        .filter(is_plain)
        .collect()
}

/// Whether a proxy takes the upstream's field away.
fn removes(proxy: &Directive, field: &str) -> bool {
    proxy.block.iter().filter(|line| line.is("header_down")).any(|line| {
        line.args
            .first()
            .and_then(|word| word.text.strip_prefix('-'))
            .is_some_and(|name| name.eq_ignore_ascii_case(field))
    })
}
