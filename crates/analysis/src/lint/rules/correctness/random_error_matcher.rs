//! A matcher that raises an error, next to another one.

use crate::lint::{Check, Lint, Rule, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C017", "random-error-matcher"),
    severity: Severity::Warning,
    summary: "A `file` matcher that ends in `=404`, together with another matcher in one definition",
    page: "\
Caddy runs the matchers of one definition in an order that is random at each load. A `file` matcher that ends in
`=404` raises an error, sometimes before the other matchers run and sometimes after.

## Why

After some restarts, requests that the other matchers would reject get the error too (measured with Caddy 2.11.7).

## Wrong

```caddyfile
example.com {
	@download {
		path /download/*
		file {
			try_files {path} =404
		}
	}
	file_server @download
}
```

## Right

```caddyfile
example.com {
	handle /download/* {
		@exists file {
			try_files {path} =404
		}
		file_server @exists
	}
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/matchers#file
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let definitions = lint.walk();
    for definition in definitions.filter(|directive| directive.is_definition()) {
        let tests = Test::of(definition);
        let Some(raising) = tests.iter().find_map(raised) else { continue };
        let Some(other) = tests.iter().find(|test| test.kind != "file") else { continue };
        let code = raising.text.trim_start_matches('=');
        found.push(
            RULE.finding(
                lint,
                raising,
                format!("whether `{}` is tried before this {code} changes with every load", other.kind),
            )
            .label("raises an error")
            .also(other.word.span, "tried before or after it")
            .help(format!(
                "leave `file` alone in this matcher, and put `{}` on a `handle` around it",
                other.kind
            )),
        );
    }
}

/// The `=404` of a `file` matcher.
fn raised<'a>(test: &Test<'a>) -> Option<&'a Word> {
    if test.kind != "file" {
        return None;
    }
    let lines = test.block.iter().filter(|line| line.is("try_files")).flat_map(|line| line.args);
    let is_code = |word: &&Word| word.text.len() == 4 && word.text.starts_with('=');
    test.args.iter().chain(lines).find(is_code)
}
