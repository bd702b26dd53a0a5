//! A proxy for one exact path.

use std::collections::HashSet;

use crate::lint::{Check, Condition, Level, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C008", "exact-path-on-proxy"),
    severity: Severity::Note,
    summary: "A `reverse_proxy` whose path matches only itself, not the paths below it",
    page: "\
`reverse_proxy /app localhost:8080` proxies the path `/app`, but not `/app/` or `/app/page`.

## Why

In other servers a path matches everything below it. In Caddy a path is exact unless it ends in `*`.

## Wrong

```caddyfile
example.com {
	reverse_proxy /app localhost:8080
}
```

## Right

```caddyfile
example.com {
	reverse_proxy /app/* localhost:8080
}
```

## When it is fine

For a single endpoint: write `# caddyctl: allow C008 one endpoint`. Common names of single endpoints, such as `/ws` or
`/health`, and names with a dot are not reported.

See https://caddyserver.com/docs/caddyfile/matchers#path-matchers
",
    check: Check::Each(check),
};

/// Last segments that are usual for one endpoint.
const ENDPOINTS: &[&str] = &[
    "callback",
    "events",
    "favicon",
    "graphql",
    "health",
    "healthcheck",
    "healthz",
    "hook",
    "hub",
    "info",
    "livez",
    "login",
    "logout",
    "mcp",
    "message",
    "messages",
    "metrics",
    "ping",
    "readyz",
    "register",
    "rpc",
    "send",
    "socket",
    "sse",
    "status",
    "stream",
    "subscribe",
    "token",
    "up",
    "upload",
    "version",
    "webhook",
    "websocket",
    "ws",
    "wss",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        check_level(lint, level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let proxies = || level.directives.iter().filter(|directive| directive.is("reverse_proxy"));
    // Beside a proxy for what is below the path, the exact one is meant.
    let folders: HashSet<_> = level
        .directives
        .iter()
        .filter_map(|directive| level.condition(directive).paths().first().map(|path| path.text.as_str()))
        .filter_map(|path| path.strip_suffix('*').map(|path| path.trim_end_matches('/')))
        .collect();
    for directive in proxies() {
        let Condition::Path(path) = level.condition(directive) else { continue };
        // Who sets up how to speak to the upstream has one endpoint in mind.
        if directive.line("transport").is_some() || directive.line("flush_interval").is_some() {
            continue;
        }
        let last = path.text.rsplit('/').next().unwrap_or_default();
        let is_endpoint = last.contains(['.', '-', '_']) || ENDPOINTS.contains(&last);
        let whole = path.text.trim_end_matches('/');
        if !pattern::is_literal(&path.text) || whole.is_empty() || is_endpoint || folders.contains(whole) {
            continue;
        }
        let finding = RULE
            .finding(lint, path, format!("only the path `{}` is proxied, and nothing below it", path.text))
            .help(format!("write `{whole}/*` if everything below it is meant"));
        found.push(if lint.written(path) == path.text {
            finding.edit(path.span, format!("{whole}/*"), false)
        } else {
            finding
        });
    }
}
