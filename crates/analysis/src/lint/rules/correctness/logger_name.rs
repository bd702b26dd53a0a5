//! A file, or a stream, in the place of the name of a logger.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C066", "logger-name"),
    severity: Severity::Warning,
    summary: "`log /var/log/x.log`, which names a logger and writes no file",
    page: "\
The word after `log` is the name of a logger. Caddy writes its log where it would without the word.

## Why

Caddy 1 had the file there. Nothing is ever written to it.

## Wrong

```caddyfile
example.com {
	log /var/log/caddy/access.log
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	log {
		output file /var/log/caddy/access.log
	}
	respond \"hello\"
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/log
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.named("log").filter(|directive| directive.declared.is_some()) {
        let Some(name) = directive.args.first() else { continue };
        let help = match name.text.as_str() {
            "off" => "leave `log` out: without it Caddy writes no access log".to_owned(),
            "stdout" | "stderr" | "discard" => {
                format!("write `output {}` into the block of `log`", name.text)
            }
            text if text.contains('/') => {
                "write `output file` and the path into the block of `log`".to_owned()
            }
            _ => continue,
        };
        let is_output = directive.line("output").is_some();
        if is_output {
            continue;
        }
        found.push(
            RULE.finding(lint, name, format!("`{}` is the name of a logger here", name.text)).help(help),
        );
    }
}
