//! The admin API on every address.

use crate::lint::reach::is_loopback;
use crate::lint::{Check, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S043", "open-admin"),
    severity: Severity::Warning,
    summary: "An admin API that listens on every address of the machine",
    page: "\
With this `admin` option, everybody who can reach the machine can use Caddy's API.

## Why

The API has no password. Whoever can reach it can read the configuration, including its secrets, and load a
configuration that serves any file of the machine.

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

In a container whose port is not published. A Unix socket, such as `admin unix//run/caddy-admin.sock`, is safer.

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
