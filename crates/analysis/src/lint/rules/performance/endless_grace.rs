//! Streams that keep an old configuration alive.

use crate::lint::{Check, Directive, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// Its code.
pub(in crate::lint) const CODE: Code = Code::new("P002", "endless-grace");

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Note,
    summary: "Long streams without the option `grace_period`",
    page: "\
After a reload, the old configuration stays in memory until its last request ends. Long streams keep it there.

## Why

Without `grace_period`, Caddy does not close connections that have an active request. Each reload leaves one more
configuration in memory until its last stream ends. A stop waits for these streams too.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		stream_timeout 24h
	}
}
```

## Right

```caddyfile
{
	grace_period 30s
}

example.com {
	reverse_proxy localhost:8080 {
		stream_timeout 24h
	}
}
```

## When it is fine

When you do not reload Caddy, or when a stream must never be interrupted.

See https://caddyserver.com/docs/caddyfile/options
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    if lint.option("grace_period").is_some() {
        return;
    }
    let is_long = |line: &&Directive| match line.name.text.as_str() {
        "stream_timeout" | "stream_close_delay" => true,
        "flush_interval" => line.args.first().is_some_and(|value| value.text == "-1"),
        _ => false,
    };
    if let Some(line) = lint.walk().find(is_long) {
        found.push(
            RULE.finding(
                lint,
                line.name,
                "after a reload such streams keep the old configuration alive without end",
            )
            .help("set the global option `grace_period 30s`"),
        );
    }
}
