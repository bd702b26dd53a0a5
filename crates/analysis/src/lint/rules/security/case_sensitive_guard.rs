//! Access control by a pattern that minds case.

use crate::lint::{Check, Condition, Directive, Level, Lint, Rule, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S003", "case-sensitive-guard"),
    severity: Severity::Note,
    summary: "A `path_regexp` that protects a path and is case-sensitive, unlike `path`",
    page: "\
`path` ignores case, but `path_regexp` does not. A rule that denies `^/admin` accepts `/Admin`.

## Why

Many applications ignore case in paths, and so do the file systems of macOS and Windows.

## Wrong

```caddyfile
example.com {
	@admin path_regexp ^/admin(/|$)
	respond @admin 403
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	@admin path /admin /admin/*
	respond @admin 403
	reverse_proxy localhost:8080
}
```

You can also add `(?i)` at the start of the pattern.

## When it is fine

When the directive that answers is case-sensitive too, such as `file_server` on Linux.

See https://caddyserver.com/docs/caddyfile/matchers#path-regexp
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        // Files are found by their exact names.
        let only_files = level.directives.iter().all(|directive| {
            let serves = directive.conduct().serves;
            !directive.is_route()
                && !matches!(serves, Serves::Upstream | Serves::Program | Serves::NamedRoute)
        });
        for directive in level.directives.iter().filter(|directive| guards(directive)) {
            if !only_files {
                check_guard(lint, level, directive, found);
            }
        }
    }
}

/// Whether a directive keeps requests out.
fn guards(directive: &Directive) -> bool {
    match directive.name.text.as_str() {
        "abort" => true,
        "respond" | "error" => {
            directive.values().iter().any(|word| matches!(word.text.as_str(), "401" | "403" | "404"))
        }
        _ if is_block(directive) => {
            directive.block.iter().any(|inner| inner.matcher().is_none() && !is_block(inner) && guards(inner))
        }
        _ => directive.is_guard(),
    }
}

fn is_block(directive: &Directive) -> bool {
    directive.is_route() && !directive.is("handle_path")
}

fn check_guard<'a>(
    lint: &Lint,
    level: &Level<'a>,
    directive: &'a Directive<'a>,
    found: &mut Vec<Diagnostic>,
) {
    let Condition::Named(definition) = level.condition(directive) else { return };
    for test in Test::of(definition).iter().filter(|test| test.kind == "path_regexp") {
        let Some(pattern) = test.args.last().filter(|pattern| minds_case(&pattern.text)) else { continue };
        let written = lint.written(pattern);
        let quote = written.chars().next().filter(|c| matches!(c, '"' | '`')).map_or(0, char::len_utf8);
        let (open, rest) = written.split_at(quote);
        found.push(
            RULE.finding(
                lint,
                pattern,
                "this pattern keeps requests out, and minds case: capital letters pass it",
            )
            .also(directive.name.span, "guards by it")
            .help("begin the pattern with `(?i)`, or use `path`, which ignores case")
            .edit(pattern.span, format!("{open}(?i){rest}"), false),
        );
    }
}

/// Whether a pattern has letters that stand for themselves, and no `(?i)`.
fn minds_case(pattern: &str) -> bool {
    let mut letters = false;
    let mut escaped = false;
    for c in pattern.chars() {
        letters |= c.is_ascii_alphabetic() && !escaped;
        escaped = c == '\\' && !escaped;
    }
    letters && !pattern.contains("(?i") && !pattern.contains("a-zA-Z") && !pattern.contains("A-Za-z")
}

#[cfg(test)]
mod tests {
    use super::minds_case;

    #[test]
    fn letters_that_stand_for_themselves() {
        assert!(minds_case("^/admin"));
        assert!(!minds_case("(?i)^/admin"));
        assert!(!minds_case(r"^/\d+\.\w*$"));
    }
}
