//! A log of every step, on a public server.

use crate::lint::{Check, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("P004", "debug-left-on"),
    severity: Severity::Note,
    summary: "The global option `debug` in a file with public sites",
    page: "\
`debug` logs several lines for each request: matchers, selected upstreams, handshakes.

## Why

The log gets many times longer, costs time and disk space, and makes errors hard to find.

## Wrong

```caddyfile
{
	debug
}

example.com {
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	respond \"hello\"
}
```

## When it is fine

While you look for a problem.

See https://caddyserver.com/docs/caddyfile/options#debug
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    let Some(debug) = lint.option("debug") else { return };
    if lint.sites.iter().all(|site| site.is_local() || !site.has_host()) {
        return;
    }
    let mut finding = RULE
        .finding(lint, debug.name, "every request writes several lines to the log")
        .help("remove it when what it was for is found");
    if lint.written(debug.name) == "debug" && debug.args.is_empty() {
        finding = finding.edit(debug.name.span, "", false);
    }
    found.push(finding);
}
