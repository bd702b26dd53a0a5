//! A matcher that raises an error, next to another one.

use crate::lint::{Check, Lint, Rule, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C017", "random-error-matcher"),
    severity: Severity::Warning,
    summary: "a `file` matcher that ends in `=404`, with another matcher in the same definition",
    page: "\
The matchers of one definition are tried in an order that Caddy draws anew at each load. One that raises an error (`file` with
`=404` at its end) does so before the others in some runs, and after them in others.

## Why

Requests that the other matcher would have left alone get the error, but not after every restart (measured on Caddy
2.11.7).

## Wrong

```caddyfile
example.com {
	@download {
		path /download/*
		file {
			try_files {path} =410
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
			try_files {path} =410
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
