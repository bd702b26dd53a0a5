//! Settings that have a successor.

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("D004", "old-subdirective"),
    severity: Severity::Warning,
    summary: "A `health_path`, `tls_trusted_ca_certs`, `forward_proxy_url`, or `metrics` inside `servers`",
    page: "\
Another setting replaces this one.

## Why

Caddy still accepts the old setting, but prints a warning each time it loads the file. A later release will remove it.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		health_path /health
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		health_uri /health
	}
}
```

## When it is fine

When the file must also work with an older Caddy.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for proxy in lint.named("reverse_proxy") {
        for line in proxy.walk() {
            let finding = match line.name.text.as_str() {
                "health_path" => {
                    let finding = of(lint, line, "write `health_uri`, which takes a query too");
                    // A question mark belongs to the path in the one and begins the query in the other.
                    let is_same = line.args.first().is_some_and(|path| !path.text.contains(['?', '{']));
                    finding.edit(line.name.span, "health_uri", is_same)
                }
                "forward_proxy_url" => of(lint, line, "write `network_proxy url URL`"),
                "tls_trusted_ca_certs" => of(lint, line, "write `tls_trust_pool file FILE`"),
                _ => continue,
            };
            found.push(finding);
        }
    }
    let servers = lint.options.iter().filter(|option| option.is("servers"));
    for line in servers.flat_map(|option| &option.block).filter(|line| line.is("metrics")) {
        found.push(of(lint, line, "write `metrics` as a separate option, next to `servers`"));
    }
}

fn of(lint: &Lint, line: &Directive, help: &str) -> Diagnostic {
    RULE.finding(lint, line.name, format!("`{}` is deprecated here", line.name.text)).help(help)
}
