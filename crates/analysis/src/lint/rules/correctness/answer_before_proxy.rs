//! A `respond` or `redir` for every request that beats the proxies of its block.

use crate::lint::{Answer, Check, Directive, Level, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C003", "answer-before-proxy"),
    severity: Severity::Warning,
    summary: "A `respond`, `redir`, `error` or `abort` without a matcher next to a proxy or file server",
    page: "\
`redir`, `abort`, `error` and `respond` run before `reverse_proxy`, `php_fastcgi` and `file_server`, wherever you
write them and whatever path the others have. Without a matcher they answer every request of their block.

## Why

The line looks like a fallback (\"everything else gets a 404\"), but it answers all requests: the proxy above it never
gets one.

## Wrong

```caddyfile
example.com {
	reverse_proxy /api/* localhost:8080
	respond \"not found\" 404
}
```

## Right

```caddyfile
example.com {
	handle /api/* {
		reverse_proxy localhost:8080
	}
	handle {
		respond \"not found\" 404
	}
}
```

## When it is fine

While a site is switched off: write `# caddyctl: allow C003 closed for now`.

See https://caddyserver.com/docs/caddyfile/directives#directive-order
",
    check: Check::Each(check),
};

/// Whether a directive gives a fixed answer.
pub(super) fn is_fixed(directive: &Directive) -> bool {
    directive.conduct().serves == Serves::Fixed
}

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in lint.levels.all.iter().filter(|level| !level.keeps_order()) {
        check_level(lint, level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let Some((first, later)) = level.after_last() else { return };
    let mut beaten = later.iter().filter(|(other, _)| other.answer > Answer::Never && !is_fixed(other));
    let Some((beaten, _)) = beaten.next().filter(|_| is_fixed(first)) else { return };
    let name = &first.name.text;
    found.push(
        RULE.finding(lint, first.name, format!("this `{name}` answers before `{}` runs", beaten.name.text))
            .label("answers every request of its block")
            .also(beaten.name.span, "never runs")
            .help(format!(
                "put each into a `handle`: the one of `{}` with its matcher, the one of `{name}` without",
                beaten.name.text
            )),
    );
}
