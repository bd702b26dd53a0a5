//! The admin API on every address.

use crate::lint::reach::is_loopback;
use crate::lint::{Check, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S043", "open-admin"),
    severity: Severity::Warning,
    summary: "the admin API listens on every address of the machine",
    page: "\
The option `admin` opens Caddy's API to everybody who can reach the machine.

## Why

The API has no password. Who can reach it can read the configuration with its secrets, and load another one that
serves any file of the machine.

## Wrong

```caddyfile
{
	admin 0.0.0.0:2019
}

example.com {
	respond \"hello\"
}
```

## Right

```caddyfile
{
	admin localhost:2019
}

example.com {
	respond \"hello\"
}
```

## When it is fine

In a container whose port is published to nobody. A socket file, `admin unix//run/caddy-admin.sock`, is better still.

See https://caddyserver.com/docs/caddyfile/options
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    let Some(address) = lint.option("admin").and_then(|option| option.args.first()) else { return };
    let text = address.text.as_str();
    let rest = text.split_once('/').map_or(text, |(_, rest)| rest);
    let Some((host, port)) = rest.rsplit_once(':').filter(|_| !is_loopback(text)) else { return };
    if !matches!(host, "" | "0.0.0.0" | "[::]" | "*") {
        return;
    }
    let mut finding =
        RULE.finding(lint, address, "everybody who reaches this machine can change the configuration").help(
            format!("write `admin localhost:{port}`, or a socket file: `admin unix//run/caddy-admin.sock`"),
        );
    if lint.written(address) == text {
        finding = finding.edit(address.span, format!("localhost:{port}"), false);
    }
    found.push(finding);
}
