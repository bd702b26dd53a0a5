//! A placeholder in a path pattern whose name is lower-cased.

use crate::lint::{Check, Directive, Lint, Rule, Test, takes_matcher};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C021", "lowercased-placeholder"),
    severity: Severity::Warning,
    summary: "A placeholder in a path pattern whose name, or whose value, has capital letters",
    page: "\
Caddy converts path patterns to lower case when it loads them, including the names of placeholders. `/{env.BASE}/*`
therefore reads the environment variable `base`.

## Why

That variable is usually not set. The pattern becomes `//*`, which matches none of the intended requests (measured
with Caddy 2.11.7).

## Wrong

```caddyfile
example.com {
	reverse_proxy /{env.BASE}/* localhost:8080
}
```

## Right

```caddyfile
example.com {
	reverse_proxy /{$BASE:shop}/* localhost:8080
}
```

The value is not converted. A pattern such as `{vars.folder}/*` is compared with the path in lower case, and never matches
while `vars folder /Docs` has a capital letter.

## When it is fine

When a placeholder with the lower-case name exists, and you mean it.

See https://caddyserver.com/docs/caddyfile/matchers#path-matchers
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.walk() {
        if directive.is_definition() {
            for test in Test::of(directive) {
                check_test(lint, test.kind, test.args, test.block, found);
            }
        } else if let Some(path) = directive.matcher().filter(|word| word.text.starts_with('/'))
            && takes_path(directive)
        {
            check_pattern(lint, path, found);
        }
    }
}

/// Whether a first argument with a slash is a pattern here.
fn takes_path(directive: &Directive) -> bool {
    // A lone path behind `redir` is meant as its target.
    directive.declared.is_some()
        && takes_matcher(directive)
        && (directive.args.len() > 1 || !directive.is("redir"))
}

fn check_test(lint: &Lint, kind: &str, args: &[Word], block: &[Directive], found: &mut Vec<Diagnostic>) {
    match (kind, args) {
        ("path", patterns) => patterns.iter().for_each(|pattern| check_pattern(lint, pattern, found)),
        ("not", [inner, args @ ..]) => check_test(lint, &inner.text, args, block, found),
        ("not", []) => {
            for line in block {
                check_test(lint, &line.name.text, line.args, &line.block, found);
            }
        }
        _ => {}
    }
}

fn check_pattern(lint: &Lint, pattern: &Word, found: &mut Vec<Diagnostic>) {
    let mut rest = pattern.text.as_str();
    while let Some((_, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { return };
        rest = after;
        // Names of header fields have no case.
        if name.to_lowercase() == name || name.starts_with("http.request.header.") {
            check_value(lint, pattern, name, found);
            continue;
        }
        let finding = RULE.finding(
            lint,
            pattern,
            format!("this pattern is lower-cased, and reads `{{{}}}`", name.to_lowercase()),
        );
        let Some(variable) = name.strip_prefix("env.") else {
            found.push(finding.help(
                "use a name without capital letters, or an expression: `path_regexp` is not lower-cased",
            ));
            continue;
        };
        let fixed =
            lint.written(pattern).replace(&format!("{{env.{variable}}}"), &format!("{{${variable}}}"));
        found.push(
            finding
                .help(format!("write `{{${variable}}}`, which is replaced before the pattern is read"))
                .edit(pattern.span, fixed, false),
        );
    }
}

/// Reports a variable of the file whose value has capital letters.
fn check_value(lint: &Lint, pattern: &Word, name: &str, found: &mut Vec<Diagnostic>) {
    let Some(variable) = name.strip_prefix("http.vars.").or_else(|| name.strip_prefix("vars.")) else {
        return;
    };
    let values = lint.named("vars").flat_map(|vars| {
        let line = vars.values().split_first().map(|(name, values)| (name, values.first()));
        let block = vars.block.iter().map(|line| (line.name, line.args.first()));
        line.into_iter().chain(block)
    });
    let all: Vec<&Word> =
        values.filter(|(name, _)| name.text == variable).filter_map(|(_, value)| value).collect();
    let has_capitals =
        |value: &&Word| !value.text.contains('{') && value.text.bytes().any(|byte| byte.is_ascii_uppercase());
    // One value in lower case is enough for the pattern to match.
    let (Some(value), true) = (all.first(), all.iter().all(has_capitals)) else { return };
    let message = format!("`{{{name}}}` is compared with the path in lower case, and never matches");
    found.push(
        RULE.finding(lint, pattern, message)
            .also(value.span, "has capital letters")
            .help("write the value in lower case: paths are matched without regard to case"),
    );
}
