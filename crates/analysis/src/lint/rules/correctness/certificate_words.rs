//! Words of `tls` that are read as files.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C079", "certificate-words"),
    severity: Severity::Warning,
    summary: "`tls internal on_demand` and `tls a@b.c d@e.f`, which name two files",
    page: "\
`tls` with two words takes a certificate and its key. `internal` or an email address is then the path of a file.

## Why

Caddy does not start, because the file does not exist.

## Wrong

```caddyfile
example.com {
	tls internal on_demand
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	tls internal {
		on_demand
	}
	respond \"hello\"
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/tls
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.named("tls").filter(|directive| directive.declared.is_some()) {
        let [first, second] = directive.args else { continue };
        let is_file = |text: &str| text.contains('/') || text.contains('.') && !text.contains('@');
        let is_word = |text: &str| {
            text == "internal" || text == "force_automate" || (text.contains('@') && !text.contains('/'))
        };
        if !is_word(&first.text) || is_file(&second.text) {
            continue;
        }
        let finding =
            RULE.finding(lint, first, format!("`{}` is the path of a certificate here", first.text));
        found.push(if second.text == "on_demand" {
            finding.help(format!("write `{}` into the block of `tls`", second.text))
        } else {
            finding.help("write only one of the two words")
        });
    }
}
